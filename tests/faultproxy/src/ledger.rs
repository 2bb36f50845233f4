//! What got through, and what did not.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::frame::Frame;

/// A WebSocket that went through the proxy: a connection whose first answer was the switch of protocols.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Socket {
    /// The number of its connection; those of plain HTTP are counted as well.
    pub connection: u64,
    /// How it ended.
    pub end: End,
    /// The faults that struck it, in order.
    pub struck: Vec<Fault>,
    /// How many data frames of the client were forwarded.
    pub answers: u64,
    /// The frames of the server, in order.
    pub frames: Vec<Passage>,
}

/// How a WebSocket ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum End {
    /// Not yet.
    Open,
    /// By the FIN of client and server.
    Closed,
    /// By [`What::Cut`](crate::What::Cut).
    Cut,
    /// By [`What::HalfClose`](crate::What::HalfClose).
    HalfClosed,
    /// By a RST, whoever sent it first, so that it is not known how much of what was forwarded was also read.
    Reset,
}

/// A frame of the server.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Passage {
    /// `headers.messageId` of the JSON message that ends with this frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Whether it was forwarded to its last byte.
    pub whole: bool,
    /// Whether nothing in the message, as far as this frame, was changed.
    pub intact: bool,
}

/// Puts the messages of the server together from their frames.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    payload: Vec<u8>,
    spoilt: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Headers {
    message_id: String,
}

#[derive(Deserialize)]
struct Message {
    headers: Headers,
}

impl Messages {
    /// The entry of a frame that is about to be forwarded, changed or not.
    pub(crate) fn follow(&mut self, frame: &Frame, corrupted: bool) -> Passage {
        if !frame.is_data() {
            return Passage { message_id: None, whole: false, intact: true };
        }
        if frame.begins_a_message() {
            self.payload.clear();
            self.spoilt = false;
        }
        self.payload.extend_from_slice(frame.payload());
        self.spoilt |= corrupted;
        let message = frame.header.is_final.then(|| serde_json::from_slice::<Message>(&self.payload).ok()).flatten();
        let message_id = message.map(|message| message.headers.message_id);
        Passage { message_id, whole: false, intact: !self.spoilt }
    }
}
