//! `POST /robot/sendBySession`: replies to a bot message, checked as DingTalk checks them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Endpoint;
use crate::platform::Platform;

pub(crate) const SESSION_LIFE_MS: u64 = 5_400_000;
const LARGEST_BODY: usize = 20_000;

#[derive(Debug, Clone)]
struct Session {
    client_id: String,
    conversation_id: String,
    expires: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    pub(crate) fn open(&self, session: String, client_id: &str, conversation_id: String, expires: u64) {
        let known = Session { client_id: client_id.to_owned(), conversation_id, expires };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(session, known);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn get(&self, session: &str) -> Option<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Address {
    #[serde(default)]
    session: String,
}

pub(crate) async fn send_by_session(
    State(platform): State<Arc<Platform>>,
    Query(address): Query<Address>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let session = platform.sessions.get(&address.session);
    let fault = platform.faults.take(Endpoint::Webhook);
    let broken = match &fault {
        Some(fault) => fault.strike(&platform.dice.uuid()).await,
        None => None,
    };
    let live = session.as_ref().is_some_and(|session| platform.clock.now() <= session.expires);
    let (errcode, errmsg) = match check(&headers, &body) {
        Ok(()) if live => (0, "ok".to_owned()),
        Ok(()) => (300_001, "session 不存在".to_owned()),
        Err(refusal) => refusal,
    };
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let status = broken.as_ref().map_or(200, |response| response.status().as_u16());
    platform.record(
        "reply",
        json!({
            "clientId": session.as_ref().map(|session| &session.client_id),
            "conversationId": session.as_ref().map(|session| &session.conversation_id),
            "msgtype": body.get("msgtype"),
            "body": body,
            "status": status,
            "errcode": if broken.is_some() { fault.and_then(|fault| fault.errcode()) } else { Some(errcode) },
        }),
    );
    broken.unwrap_or_else(|| Json(json!({"errcode": errcode, "errmsg": errmsg})).into_response())
}

/// What every message type must hold, and the code that DingTalk gives for its absence.
const REQUIRED: &[(&str, &[(&str, i64)])] = &[
    ("text", &[("", 400_201), ("content", 400_202)]),
    ("link", &[("", 400_301), ("text", 400_302), ("title", 400_303), ("messageUrl", 400_304)]),
    ("markdown", &[("", 400_401), ("title", 400_402), ("text", 400_403)]),
    ("actionCard", &[("", 400_501), ("title", 400_502), ("text", 400_503)]),
    ("feedCard", &[("", 400_601), ("links", 400_602)]),
    ("empty", &[]),
];

fn check(headers: &HeaderMap, body: &[u8]) -> Result<(), (i64, String)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Err((43_004, "无效的HTTP HEADER Content-Type".to_owned()));
    }
    if body.len() > LARGEST_BODY {
        return Err((460_101, format!("message too long, exceed {LARGEST_BODY} bytes")));
    }
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if !body.is_object() {
        return Err((40_035, "缺少参数 json".to_owned()));
    }
    let msgtype = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let known = REQUIRED.iter().find(|(name, _)| *name == msgtype);
    let (_, fields) = known.ok_or_else(|| (400_105, "不支持的消息类型".to_owned()))?;
    for (field, code) in *fields {
        let (pointer, name) = match *field {
            "" => (format!("/{msgtype}"), msgtype.to_owned()),
            field => (format!("/{msgtype}/{field}"), format!("{msgtype}->{field}")),
        };
        if body.pointer(&pointer).is_none_or(is_empty) {
            return Err((*code, format!("miss param : {name}")));
        }
    }
    if msgtype == "actionCard" { check_buttons(&body["actionCard"]) } else { Ok(()) }
}

/// One button with its URL, or a list of buttons.
fn check_buttons(card: &Value) -> Result<(), (i64, String)> {
    let lacks = |field: &str| card.get(field).is_none_or(is_empty);
    match (lacks("singleTitle"), lacks("singleURL"), lacks("btns")) {
        (false, false, _) | (true, true, false) => Ok(()),
        (false, true, _) => Err((400_505, "miss param : actionCard->singleURL".to_owned())),
        (true, false, _) => Err((400_504, "miss param : actionCard->singleTitle".to_owned())),
        (true, true, true) => Err((400_506, "miss param : actionCard->btns".to_owned())),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
