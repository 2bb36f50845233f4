//! The frame around what is pushed.

use serde_json::{Map, Value, json};

use crate::card::Click;
use crate::patch::merge;

/// Everything about a push that stays the same when it is delivered again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    pub(crate) client_id: String,
    pub(crate) app_id: String,
    pub(crate) frame_type: &'static str,
    pub(crate) topic: String,
    /// Headers of this kind, beside those that every frame has.
    pub(crate) headers: Map<String, Value>,
    pub(crate) data: String,
    pub(crate) msg_id: Option<String>,
    pub(crate) event_id: Option<String>,
    /// What the answer will be applied to.
    pub(crate) click: Option<Click>,
    /// What no record may show.
    pub(crate) session: Option<String>,
    pub(crate) header_patch: Option<Value>,
    pub(crate) frame_patch: Option<Value>,
    pub(crate) frame_raw: Option<Value>,
}

impl Content {
    pub(crate) fn frame(&self, message_id: &str, connection: &str, now: u64) -> Value {
        if let Some(raw) = &self.frame_raw {
            return raw.clone();
        }
        let mut headers = if self.frame_type == "SYSTEM" {
            json!({"topic": self.topic, "contentType": "application/json"})
        } else {
            json!({
                "appId": self.app_id,
                "connectionId": connection,
                "contentType": "application/json",
                "topic": self.topic,
            })
        };
        // As in DingTalk's own sample, nobody answers a disconnect and so it has no id.
        if (self.frame_type, self.topic.as_str()) != ("SYSTEM", "disconnect") {
            headers["messageId"] = json!(message_id);
        }
        headers["time"] = json!(now.to_string());
        for (name, value) in &self.headers {
            headers[name] = value.clone();
        }
        if let Some(patch) = &self.header_patch {
            merge(&mut headers, patch);
        }
        let mut frame = json!({
            "specVersion": "1.0",
            "type": self.frame_type,
            "headers": headers,
            "data": self.data,
        });
        if let Some(patch) = &self.frame_patch {
            merge(&mut frame, patch);
        }
        frame
    }
}
