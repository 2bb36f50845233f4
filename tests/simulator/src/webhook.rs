//! `POST /robot/sendBySession`: replies to a bot message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answering::{Answered, answer};
use crate::faults::Endpoint;
use crate::platform::Platform;
use crate::webhook_body::{check, check_for_assistant, parse};
use crate::words::errcode_body;

pub(crate) const SESSION_LIFE_MS: u64 = 5_400_000;

#[derive(Debug, Clone)]
struct Session {
    client_id: String,
    conversation_id: String,
    expires: u64,
    is_assistant: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    pub(crate) fn open(&self, session: String, client_id: &str, conversation_id: String, expires: u64) {
        let client_id = client_id.to_owned();
        self.remember(session, Session { client_id, conversation_id, expires, is_assistant: false });
    }

    pub(crate) fn open_for_assistant(&self, session: String, client_id: &str, expires: u64) {
        let (client_id, conversation_id) = (client_id.to_owned(), "assistant".to_owned());
        self.remember(session, Session { client_id, conversation_id, expires, is_assistant: true });
    }

    fn remember(&self, session: String, known: Session) {
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
    let readable: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let reply = json!({
        "clientId": session.as_ref().map(|session| &session.client_id),
        "conversationId": session.as_ref().map(|session| &session.conversation_id),
        "msgtype": readable.get("msgtype"),
        "body": readable,
    });
    let fault = platform.faults.take(&Endpoint::Webhook);
    let request_id = platform.dice.uuid();
    answer(&platform, fault, &request_id, vec![("reply", reply)], || {
        let live = session.as_ref().is_some_and(|session| platform.clock.now() <= session.expires);
        let is_assistant = session.as_ref().is_some_and(|session| session.is_assistant);
        let checked = parse(&headers, &body).and_then(|message| match is_assistant {
            true => check_for_assistant(&message),
            false => check(&message, body.len()),
        });
        let (errcode, errmsg) = match checked {
            Ok(()) if live => (0, "ok".to_owned()),
            Ok(()) => (300_001, "session 不存在".to_owned()),
            Err(refused) => refused,
        };
        let response = Json(errcode_body(&platform, errcode, &errmsg)).into_response();
        Answered { response, told: json!({"errcode": errcode}) }
    })
    .await
}
