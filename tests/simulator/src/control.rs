//! The control API under `/_sim/`: what a test, or a page, does to the platform and asks about it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::connections::{Flow, Outgoing};
use crate::faults::{Endpoint, Fault};
use crate::platform::Platform;
use crate::push::push_disconnect;
use crate::records::Query as RecordQuery;

const LONGEST_WAIT_MS: u64 = 60_000;

/// An order that can't be carried out, and the sentence that says why.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    pub(crate) sentence: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, sentence: String) -> Self {
        Self { status, sentence }
    }

    pub(crate) fn bad(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": self.sentence}))).into_response()
    }
}

pub(crate) type Answer = Result<Json<Value>, Refused>;

pub(crate) fn order<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::bad(format!("the order can't be read: {error}")))
}

pub(crate) async fn state(State(platform): State<Arc<Platform>>) -> Json<Value> {
    Json(json!({
        "url": platform.url(),
        "clock": platform.clock.now(),
        "apps": platform.apps.ids(),
        "connections": platform.connections.describe(),
        "pendingEvents": platform.redeliveries.pending(),
        "settings": platform.settings.get(),
    }))
}

pub(crate) async fn reset(State(platform): State<Arc<Platform>>) -> Json<Value> {
    platform.reset();
    Json(json!({}))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewApp {
    client_id: String,
    client_secret: String,
}

pub(crate) async fn add_app(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let app: NewApp = order(&body)?;
    platform.apps.put(app.client_id, app.client_secret, &platform.dice);
    Ok(Json(json!({"apps": platform.apps.ids()})))
}

pub(crate) async fn remove_app(State(platform): State<Arc<Platform>>, Path(client_id): Path<String>) -> Answer {
    if !platform.apps.remove(&client_id) {
        return Err(Refused::new(StatusCode::NOT_FOUND, format!("there is no app {client_id}")));
    }
    Ok(Json(json!({"apps": platform.apps.ids()})))
}

pub(crate) async fn settings(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let patch: Value = order(&body)?;
    let settings = platform.settings.merge(&patch).map_err(Refused::bad)?;
    if patch.get("seed").is_some() {
        platform.dice.reseed(settings.seed);
    }
    Ok(Json(json!(settings)))
}

pub(crate) async fn push(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    crate::push::push(&platform, order(&body)?).map(Json)
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Ending {
    connection: Option<String>,
    client_id: Option<String>,
    code: Option<u16>,
}

pub(crate) async fn break_it(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let mut fields: Map<String, Value> = order(&body)?;
    let what = fields.shift_remove("what").unwrap_or_default();
    let what = what.as_str().ok_or_else(|| Refused::bad("say what is to break"))?;
    match what {
        "disconnect" | "drop" | "close" | "stall" => return end_connections(&platform, what, read(fields)?),
        "revoke" => platform.tokens.revoke(read::<Revocation>(fields)?.client_id.as_deref()),
        "ban" => platform.limits.ban(read(fields)?, platform.clock.now()),
        name => {
            let endpoint = Endpoint::named(name)
                .ok_or_else(|| Refused::bad(format!("there is nothing called \"{name}\" to break")))?;
            platform.faults.add(endpoint, read::<Fault>(fields)?);
        }
    }
    Ok(Json(json!({})))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Revocation {
    client_id: Option<String>,
}

fn read<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Refused> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| Refused::bad(error.to_string()))
}

fn end_connections(platform: &Arc<Platform>, how: &str, asked: Ending) -> Answer {
    let connections = match asked.connection {
        Some(id) if platform.connections.client_of(&id).is_none() => {
            return Err(Refused::new(StatusCode::NOT_FOUND, format!("there is no connection {id}")));
        }
        Some(id) => vec![id],
        None => platform.connections.open_ids(asked.client_id.as_deref()),
    };
    for id in &connections {
        match how {
            "disconnect" => push_disconnect(platform, id.clone()),
            "drop" => platform.connections.set_flow(id, Flow::Cut),
            "stall" => platform.connections.set_flow(id, Flow::Stalled),
            _ => {
                platform.connections.drain(id);
                platform.connections.send(id, Outgoing::Close(asked.code.unwrap_or(1000)));
            }
        }
    }
    Ok(Json(json!({"connections": connections})))
}

pub(crate) async fn heal(State(platform): State<Arc<Platform>>) -> Json<Value> {
    platform.faults.clear();
    platform.limits.lift_ban();
    platform.connections.unstall_all();
    Json(json!({}))
}

pub(crate) async fn records(
    State(platform): State<Arc<Platform>>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Answer {
    let mut query = RecordQuery { count: 1, ..RecordQuery::default() };
    for (name, value) in asked {
        let number = || value.parse::<u64>().map_err(|_| Refused::bad(format!("{name} is a number, not {value}")));
        match name.as_str() {
            "kind" => query.kinds = value.split(',').map(str::to_owned).collect(),
            "since" => query.since = number()?,
            "count" => query.count = usize::try_from(number()?).unwrap_or(usize::MAX),
            "wait" => query.wait = Duration::from_millis(number()?.min(LONGEST_WAIT_MS)),
            _ => query.fields.push((name, value)),
        }
    }
    Ok(Json(platform.records.wait(&query).await))
}

#[derive(Debug, Deserialize)]
struct Advance {
    advance: u64,
}

pub(crate) async fn clock(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let Advance { advance } = order(&body)?;
    platform.clock.advance(advance);
    Ok(Json(json!({"clock": platform.clock.now()})))
}
