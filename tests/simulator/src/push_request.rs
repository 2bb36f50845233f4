//! What a test asks the platform to push.

use serde::Deserialize;
use serde_json::Value;

/// `POST /_sim/push`. Every kind takes its own few of these fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct PushRequest {
    pub(crate) kind: String,
    pub(crate) client_id: Option<String>,
    pub(crate) connection: Option<String>,
    pub(crate) count: Option<usize>,
    pub(crate) topic: Option<String>,
    pub(crate) data: Option<Value>,
    pub(crate) headers: Option<Value>,
    pub(crate) frame: Option<Value>,
    pub(crate) frame_raw: Option<Value>,
    pub(crate) msgtype: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) base64: Option<String>,
    pub(crate) binary: bool,
    pub(crate) conversation_id: Option<String>,
    pub(crate) conversation_type: Option<String>,
    pub(crate) conversation_title: Option<String>,
    pub(crate) conversations: Option<usize>,
    pub(crate) msg_id: Option<String>,
    pub(crate) sender_staff_id: Option<String>,
    pub(crate) sender_nick: Option<String>,
    pub(crate) event_type: Option<String>,
    pub(crate) event_id: Option<String>,
    pub(crate) action_id: Option<String>,
    pub(crate) action_ids: Option<Vec<String>>,
    pub(crate) params: Option<Value>,
    pub(crate) out_track_id: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) user_id: Option<String>,
    pub(crate) space: Option<String>,
    pub(crate) dynamic: Option<Vec<String>>,
    pub(crate) method: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) body: Option<Value>,
    pub(crate) assistant: bool,
}

impl PushRequest {
    pub(crate) fn clicking_user(&self) -> Option<&str> {
        self.user.as_deref().or(self.user_id.as_deref())
    }

    pub(crate) fn clicked_space(&self) -> Option<&str> {
        self.space.as_deref().or(self.conversation_id.as_deref())
    }
}
