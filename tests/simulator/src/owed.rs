//! The answers that clients owe, and what they sent.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::card::{self, Click};
use crate::platform::Platform;

/// What was pushed, as far as its answer needs it.
#[derive(Debug)]
pub(crate) struct Pushed {
    pub(crate) record_kind: &'static str,
    pub(crate) event_id: Option<String>,
    pub(crate) msg_id: Option<String>,
    pub(crate) waiting: Option<oneshot::Sender<Verdict>>,
    pub(crate) click: Option<Click>,
}

/// What an answer says of its event.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) consumed: bool,
    /// When it came: whoever waits for it may wake up after the clock was moved.
    pub(crate) at: u64,
}

#[derive(Debug)]
struct Debt {
    pushed: Pushed,
    since: Instant,
    /// More than one when the same frame was pushed again before it was answered.
    answers: usize,
}

/// By connection and message id: an answer counts only where the push went.
#[derive(Debug, Default)]
pub(crate) struct Owed(Mutex<HashMap<(String, String), Debt>>);

impl Owed {
    pub(crate) fn add(&self, connection: &str, message_id: &str, pushed: Pushed) {
        let mut owed = self.lock();
        let place = (connection.to_owned(), message_id.to_owned());
        let answers = 1 + owed.get(&place).map_or(0, |debt| debt.answers);
        owed.insert(place, Debt { pushed, since: Instant::now(), answers });
    }

    pub(crate) fn forget(&self, connection: &str) {
        self.lock().retain(|(on, _), _| on != connection);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Debt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a text frame that came in on a connection.
pub(crate) fn take_answer(platform: &Platform, connection: &str, raw: &str) {
    let _undisturbed = platform.undisturbed();
    let Some(client_id) = platform.connections.client_of(connection) else {
        return;
    };
    let answer: Value = serde_json::from_str(raw).unwrap_or(Value::Null);
    let message_id = answer.pointer("/headers/messageId").and_then(Value::as_str);
    let mut kind = "answer";
    let mut click = None;
    let mut fields = json!({
        "connection": connection,
        "clientId": client_id,
        "messageId": message_id,
    });
    let mut owed = platform.owed.lock();
    let debt = message_id.and_then(|id| owed.get_mut(&(connection.to_owned(), id.to_owned())));
    fields["owed"] = json!(debt.as_ref().is_some_and(|debt| debt.answers > 0));
    if let Some(debt) = debt {
        kind = debt.pushed.record_kind;
        fields["eventId"] = json!(debt.pushed.event_id);
        fields["msgId"] = json!(debt.pushed.msg_id);
        fields["afterMs"] = json!(u64::try_from(debt.since.elapsed().as_millis()).unwrap_or(u64::MAX));
        debt.answers = debt.answers.saturating_sub(1);
        click = debt.pushed.click.take();
        if let Some(waiting) = debt.pushed.waiting.take() {
            // Nobody waits any more once the answer is too late.
            let _ = waiting.send(Verdict { consumed: consumed(&answer), at: platform.clock.now() });
        }
    }
    drop(owed);
    fields["raw"] = json!(raw);
    for field in ["code", "message", "headers", "data"] {
        fields[field] = answer.get(field).cloned().unwrap_or(Value::Null);
    }
    platform.record(kind, fields);
    if let Some(click) = click {
        card::answered(platform, &click, &answer);
    }
}

/// The official Python SDK sends no `status`, and its events are consumed: only an explicit LATER is not.
fn consumed(answer: &Value) -> bool {
    let status = answer.get("data").and_then(Value::as_str).and_then(|data| serde_json::from_str::<Value>(data).ok());
    let later = status.is_some_and(|data| data.get("status").and_then(Value::as_str) == Some("LATER"));
    answer.get("code").and_then(Value::as_i64) == Some(200) && !later
}
