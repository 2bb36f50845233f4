//! The behaviour whose handlers wait until a message releases them.

use std::sync::Arc;

use dingstream::Result;
use serde_json::json;
use tokio::sync::Notify;

use crate::{bot, report};

pub(crate) async fn wait() -> Result<()> {
    let client = bot::client()?;
    let released = Arc::new(Notify::new());
    let gate = Arc::clone(&released);
    client.on_message(move |message| {
        let gate = Arc::clone(&gate);
        async move {
            let text = message.text().unwrap_or_default();
            let released = gate.notified();
            began("message", &text);
            if text == "go" {
                gate.notify_waiters();
                report::line(&json!({ "went": true }));
            } else {
                released.await;
            }
            if text == "fail" { Err("planted-secret") } else { Ok(()) }
        }
    })?;
    let gate = Arc::clone(&released);
    client.on_event(move |event| {
        let gate = Arc::clone(&gate);
        async move {
            let released = gate.notified();
            began("event", &event.event_id().unwrap_or_default());
            released.await;
        }
    })?;
    let gate = released;
    client.on_card(move |action| {
        let gate = Arc::clone(&gate);
        async move {
            let released = gate.notified();
            began("card", &action.out_track_id().unwrap_or_default());
            released.await;
            if let Err(error) = action.ok(json!({ "a": 1 })) {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

/// Said once what it waits for is held: who hears this may release it at once.
fn began(kind: &str, id: &str) {
    report::count();
    report::line(&json!({ "began": kind, "id": id }));
}
