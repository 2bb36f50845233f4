//! `POST /robot/send`: custom robots (自定义机器人), each with the security that its group has set for it.

mod security;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use ipnet::Ipv4Net;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answering::{Answered, answer};
use crate::faults::Endpoint;
use crate::networks;
use crate::pace::Pace;
use crate::platform::Platform;
use crate::webhook_body::{self, Refused};
use crate::words::errcode_body;

const A_MINUTE: usize = 20;
const MINUTE_MS: u64 = 60_000;
const PENALTY_MS: u64 = 600_000;

/// `POST /_sim/robots`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRobot {
    access_token: String,
    secret: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    ips: Vec<String>,
    #[serde(default)]
    stopped: bool,
}

#[derive(Debug)]
struct Robot {
    access_token: String,
    secret: Option<String>,
    keywords: Vec<String>,
    networks: Vec<Ipv4Net>,
    stopped: bool,
    pace: Pace,
    held_back_until: u64,
    shown: HashSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Robots(Mutex<Vec<Robot>>);

impl Robots {
    /// Where it stands in the order of coming. A robot that is known already starts anew in its place.
    pub(crate) fn put(&self, new: NewRobot) -> Result<usize, String> {
        let robot = Robot {
            networks: networks::parse(&new.ips)?,
            access_token: new.access_token,
            secret: new.secret,
            keywords: new.keywords,
            stopped: new.stopped,
            pace: Pace::default(),
            held_back_until: 0,
            shown: HashSet::new(),
        };
        let mut robots = self.lock();
        let place = robots.iter().position(|known| known.access_token == robot.access_token);
        match place {
            Some(at) => robots[at] = robot,
            None => robots.push(robot),
        }
        Ok(place.unwrap_or(robots.len() - 1))
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn place(&self, access_token: &str) -> Option<usize> {
        self.lock().iter().position(|robot| robot.access_token == access_token)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Robot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) async fn send(
    State(platform): State<Arc<Platform>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // The first of each: a signature that was appended to a signed address is of no use.
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let readable: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let known = json!({
        "robot": platform.robots.place(asked("access_token").unwrap_or_default()),
        "signed": asked("sign").is_some(),
        "msgtype": readable.get("msgtype"),
        "body": readable,
    });
    let fault = platform.faults.take(&Endpoint::Robot);
    let request_id = platform.dice.uuid();
    answer(&platform, fault, &request_id, vec![("robot", known)], || {
        let token = asked("access_token").unwrap_or_default();
        let signature = security::Signature { timestamp: asked("timestamp"), sign: asked("sign") };
        let outcome = take(&platform, token, &signature, &headers, &body);
        let shown = outcome.as_ref().is_ok_and(|shown| *shown);
        let (errcode, errmsg) = match outcome {
            Ok(_) => (0, "ok".to_owned()),
            Err(refused) => refused,
        };
        let response = Json(errcode_body(&platform, errcode, &errmsg)).into_response();
        Answered { response, told: json!({"errcode": errcode, "shown": shown}) }
    })
    .await
}

/// Whether the message is shown: one that comes again with its `msgUuid` is taken, and is not.
fn take(
    platform: &Platform,
    access_token: &str,
    signature: &security::Signature<'_>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<bool, Refused> {
    let settings = platform.settings.get();
    let mut robots = platform.robots.lock();
    let robot = robots.iter_mut().find(|robot| robot.access_token == access_token);
    let robot = robot.ok_or_else(|| (400_101, "access_token不存在".to_owned()))?;
    if robot.stopped {
        return Err((400_102, "机器人已停用".to_owned()));
    }
    let message = webhook_body::parse(headers, body)?;
    if let Some(secret) = &robot.secret {
        signature.check(secret, platform.told_time())?;
    }
    security::check_keywords(&robot.keywords, &message)?;
    security::check_address(&robot.networks, settings.egress_ip)?;
    webhook_body::check(&message, body.len())?;
    let uuid = message.get("msgUuid").and_then(Value::as_str);
    if uuid.is_some_and(|uuid| robot.shown.contains(uuid)) {
        return Ok(false);
    }
    robot.keep_pace(platform.clock.now(), settings.robot_throttle)?;
    robot.shown.extend(uuid.map(str::to_owned));
    Ok(true)
}

impl Robot {
    fn keep_pace(&mut self, now: u64, errcode: i64) -> Result<(), Refused> {
        if now >= self.held_back_until {
            if self.pace.admit(now, MINUTE_MS, A_MINUTE) {
                return Ok(());
            }
            self.held_back_until = now + PENALTY_MS;
        }
        Err(match errcode {
            130_101 => (errcode, format!("send too fast, exceed {A_MINUTE} times per minute")),
            _ => (errcode, "发送速度太快而限流".to_owned()),
        })
    }
}
