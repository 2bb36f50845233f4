//! What a robot sends by itself: to users, groups and conversations, and what became of it.

use serde_json::{Map, Value, json};

use super::{App, Lane, Request};
use crate::error::{Error, Result, argument};
use crate::message::{Encoded, Message};
use crate::numbered::numbered;

/// How many users one call takes (document 0714).
const BATCH: usize = 20;

/// Who gets a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// These users, by their user ids (staff ids).
    Users(Vec<String>),
    /// A group, by its `openConversationId`.
    Group(String),
    /// A conversation between two people that a cool-app's robot takes part in: `openConversationId`, and the
    /// `coolAppCode` that installed the robot there.
    Private(String, String),
}

impl Target {
    /// From JSON: `{"users":["…"]}`, `{"group":"…"}` or `{"conversation":"…","cool_app":"…"}`.
    ///
    /// # Errors
    /// `argument` for anything else.
    pub fn from_json(text: &str) -> Result<Self> {
        let wrong = || {
            argument("a target is none of users, group, or conversation with cool_app").hint(
                r#"give {"users":["staff id"]}, {"group":"openConversationId"} or {"conversation":"…","cool_app":"…"}"#,
            )
        };
        let value: Value = serde_json::from_str(text).map_err(|_| wrong())?;
        let object = value.as_object().ok_or_else(wrong)?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        match object.len() {
            1 if object.contains_key("users") => texts(&object["users"]).map(Self::Users).ok_or_else(wrong),
            1 => text("group").map(Self::Group).ok_or_else(wrong),
            2 => text("conversation").zip(text("cool_app")).map(|(at, app)| Self::Private(at, app)).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }
}

/// A list of texts.
pub(crate) fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// Sends to a target. The result holds `processQueryKeys` and, for users, who did not get it.
pub(crate) async fn send(app: &App, robot: &str, target: Target, message: Message, lane: Lane) -> Result<Value> {
    let encoded = message.to_openapi()?;
    let mut sent = match target {
        Target::Users(users) => to_users(app, robot, &users, &encoded, lane).await?,
        Target::Group(conversation) => {
            let body = with_message(&encoded, json!({ "openConversationId": conversation, "robotCode": robot }));
            one(app.call(&Request::post("/v1.0/robot/groupMessages/send", body).in_lane(lane)).await?)
        }
        Target::Private(conversation, cool_app) => {
            let to = json!({ "openConversationId": conversation, "robotCode": robot, "coolAppCode": cool_app });
            let body = with_message(&encoded, to);
            one(app.call(&Request::post("/v1.0/robot/privateChatMessages/send", body).in_lane(lane)).await?)
        }
    };
    if message.mentions() {
        // OpenAPI mentions nobody, and says nothing about it.
        sent["lost"] = json!(["mentions"]);
    }
    Ok(sent)
}

async fn to_users(app: &App, robot: &str, users: &[String], encoded: &Encoded, lane: Lane) -> Result<Value> {
    if users.is_empty() {
        return Err(argument("there are no users to send to"));
    }
    let (mut keys, mut invalid, mut throttled, mut failed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut first: Option<Error> = None;
    for batch in users.chunks(BATCH) {
        let body = with_message(encoded, json!({ "robotCode": robot, "userIds": batch }));
        match app.call(&Request::post("/v1.0/robot/oToMessages/batchSend", body).in_lane(lane)).await {
            Ok(answer) => {
                keys.extend(answer.get("processQueryKey").cloned());
                invalid.extend(list(&answer, "invalidStaffIdList"));
                throttled.extend(list(&answer, "flowControlledStaffIdList"));
            }
            Err(error) => {
                failed.push(json!({ "userIds": batch, "error": error.to_json() }));
                first = first.or(Some(error));
            }
        }
    }
    match first {
        Some(error) if keys.is_empty() => Err(error),
        _ => Ok(json!({
            "processQueryKeys": keys,
            "invalidStaffIdList": invalid,
            "flowControlledStaffIdList": throttled,
            "failed": failed,
        })),
    }
}

fn with_message(encoded: &Encoded, mut body: Value) -> Value {
    body["msgKey"] = encoded.key.into();
    body["msgParam"] = encoded.param.as_str().into();
    body
}

fn one(answer: Value) -> Value {
    let keys: Vec<_> = answer.get("processQueryKey").cloned().into_iter().collect();
    json!({ "processQueryKeys": keys })
}

fn list(answer: &Value, name: &str) -> Vec<Value> {
    answer.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Who has read it, within 24 hours: the platform's own answer.
pub(crate) async fn read_status(app: &App, robot: &str, target: &Target, key: &str) -> Result<Value> {
    let query = |path: &str, conversation: &str| {
        let body = json!({ "processQueryKey": key, "openConversationId": conversation, "robotCode": robot });
        Request::post(path, body).safe()
    };
    let request = match target {
        Target::Users(_) => {
            Request::get("/v1.0/robot/oToMessages/readStatus", &[("robotCode", robot), ("processQueryKey", key)])
        }
        Target::Group(conversation) => query("/v1.0/robot/groupMessages/query", conversation),
        Target::Private(conversation, _) => query("/v1.0/robot/privateChatMessages/query", conversation),
    };
    app.call(&request).await
}

/// Takes messages back, within 24 hours.
pub(crate) async fn recall(app: &App, robot: &str, target: &Target, keys: &[String]) -> Result<Value> {
    let (path, mut body) = match target {
        // Spelt with a small t, unlike the path that sends.
        Target::Users(_) => ("/v1.0/robot/otoMessages/batchRecall", json!({})),
        Target::Group(conversation) => {
            ("/v1.0/robot/groupMessages/recall", json!({ "openConversationId": conversation }))
        }
        Target::Private(conversation, _) => {
            ("/v1.0/robot/privateChatMessages/batchRecall", json!({ "openConversationId": conversation }))
        }
    };
    let (mut recalled, mut failed) = (Vec::new(), Map::new());
    for batch in keys.chunks(BATCH) {
        body["robotCode"] = robot.into();
        body["processQueryKeys"] = json!(batch);
        let answer = app.call(&Request::post(path, body.clone()).safe()).await?;
        recalled.extend(list(&answer, "successResult"));
        failed.extend(answer.get("failedResult").and_then(Value::as_object).cloned().unwrap_or_default());
    }
    Ok(json!({ "successResult": recalled, "failedResult": failed }))
}

numbered! {
    /// How a DING reaches people. Numbers are DingTalk's.
    enum Remind;
    /// Every way: name, number and meaning, for those who write the constants of other languages.
    const REMINDS;
    /// In DingTalk.
    App = 1 "app",
    /// By SMS.
    Sms = 2 "sms",
    /// By a telephone call.
    Phone = 3 "phone",
}

/// Dings people.
pub(crate) async fn ding(app: &App, robot: &str, users: &[String], remind: Remind, text: &str) -> Result<Value> {
    let body = json!({
        "robotCode": robot,
        "remindType": remind as u32,
        "receiverUserIdList": users,
        "content": text,
    });
    app.call(&Request::post("/v1.0/robot/ding/send", body)).await
}
