//! The frames that DingTalk sends. Decoding is lenient: the documents and the servers contradict each other.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{BYTE_ORDER_MARK, text_of};

/// What a frame is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// The connection itself: `ping`, `disconnect`.
    System,
    /// A subscription event.
    Event,
    /// Everything that an application answers: bot messages, card actions, plugin requests.
    Callback,
    /// A type that this library does not know.
    Unknown,
}

/// One frame, decoded as far as the session needs it.
pub struct Frame {
    /// What it is about.
    pub kind: FrameKind,
    /// `headers.topic`, or empty.
    pub topic: String,
    /// `headers.messageId`, which the answer echoes; or empty.
    pub message_id: String,
    /// The headers as they came, or `{}`.
    pub headers: String,
    /// The payload: the text that `data` holds. An object instead of a text is taken as its JSON; `null` and absent are empty.
    pub data: String,
}

/// Why a frame can't be read. It never quotes the frame.
#[derive(Debug, thiserror::Error)]
#[error("the frame is no JSON object with headers (column {0})")]
pub struct Unreadable(usize);

impl fmt::Debug for Frame {
    /// Shows kind, topic and id; never the data, which is what a person wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("kind", &self.kind)
            .field("topic", &self.topic)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

impl Frame {
    /// Decodes one text frame.
    ///
    /// # Errors
    /// [`Unreadable`] where the text is no JSON object.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        decode(text).map_err(|error| Unreadable(error.column()))
    }
}

fn decode(text: &str) -> serde_json::Result<Frame> {
    let wire: Wire<'_> = serde_json::Deserializer::from_str(text).deserialize_map(WireVisitor)?;
    let headers = wire.headers.map_or("{}", RawValue::get);
    let Headers { topic, message_id } = serde_json::Deserializer::from_str(headers).deserialize_map(HeadersVisitor)?;
    let kind = match wire.kind.map(RawValue::get) {
        Some("\"SYSTEM\"") => FrameKind::System,
        Some("\"EVENT\"") => FrameKind::Event,
        Some("\"CALLBACK\"") => FrameKind::Callback,
        _ => FrameKind::Unknown,
    };
    let data = match wire.data.map(RawValue::get) {
        None | Some("null") => String::new(),
        Some(raw) => text_of(raw).unwrap_or_else(|| raw.to_owned()),
    };
    Ok(Frame { kind, topic, message_id, headers: headers.to_owned(), data })
}

#[derive(Default)]
struct Wire<'a> {
    kind: Option<&'a RawValue>,
    headers: Option<&'a RawValue>,
    data: Option<&'a RawValue>,
}

struct WireVisitor;

impl<'de> Visitor<'de> for WireVisitor {
    type Value = Wire<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frame")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut wire = Wire::default();
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            match key.get() {
                r#""type""# => wire.kind = Some(value),
                r#""headers""# | r#""header""# if value.get().starts_with('{') => wire.headers = Some(value),
                r#""data""# => wire.data = Some(value),
                _ => {}
            }
        }
        Ok(wire)
    }
}

#[derive(Default)]
struct Headers {
    topic: String,
    message_id: String,
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut headers = Headers::default();
        // A key that is compared as it stands costs no memory, and one that is no text at all does no harm.
        while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            match key.get() {
                r#""topic""# => headers.topic = scalar(value),
                r#""messageId""# => headers.message_id = scalar(value),
                _ => {}
            }
        }
        Ok(headers)
    }
}

/// A header's text; a number or boolean is taken as its literal, anything else as empty.
fn scalar(raw: &RawValue) -> String {
    let raw = raw.get();
    match raw.as_bytes().first() {
        Some(b'{' | b'[' | b'n') | None => String::new(),
        Some(_) => text_of(raw).unwrap_or_else(|| raw.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_frame_is_read() {
        let frame = Frame::decode(
            r#"{"specVersion":"1.0","type":"CALLBACK","headers":{"topic":"/v1.0/im/bot/messages/get","messageId":"m1","time":"1"},
                "data":"{\"text\":{\"content\":\"你好\"}}"}"#,
        )
        .expect("readable");
        assert_eq!(
            (frame.kind, frame.topic.as_str(), frame.message_id.as_str()),
            (FrameKind::Callback, "/v1.0/im/bot/messages/get", "m1")
        );
        assert_eq!(frame.data, r#"{"text":{"content":"你好"}}"#);
    }

    #[test]
    fn header_is_read_as_headers_and_numbers_as_text() {
        let frame =
            Frame::decode(r#"{"type":"EVENT","header":{"messageId":7,"topic":"*"},"data":{"a":1}}"#).expect("readable");
        assert_eq!((frame.kind, frame.message_id.as_str(), frame.data.as_str()), (FrameKind::Event, "7", r#"{"a":1}"#));
    }

    #[test]
    fn null_and_missing_data_are_empty() {
        for text in [
            r#"{"type":"SYSTEM","headers":{"topic":"ping"},"data":null}"#,
            r#"{"type":"SYSTEM","headers":{"topic":"ping"}}"#,
        ] {
            assert_eq!(Frame::decode(text).expect("readable").data, "");
        }
        assert_eq!(Frame::decode(r#"{"type":"SYSTEM","headers":null}"#).expect("readable").topic, "");
    }

    #[test]
    fn an_unknown_or_missing_type_is_unknown() {
        for text in [r#"{"type":"NEWS","headers":{}}"#, r#"{"type":7}"#, "{}"] {
            assert_eq!(Frame::decode(text).expect("readable").kind, FrameKind::Unknown);
        }
    }

    #[test]
    fn lone_surrogates_are_replaced() {
        let frame =
            Frame::decode(r#"{"type":"EVENT","headers":{"topic":"\udc00"},"data":"a\ud800b"}"#).expect("readable");
        assert_eq!((frame.topic.as_str(), frame.data.as_str()), ("\u{fffd}", "a\u{fffd}b"));
    }

    #[test]
    fn depth_order_marks_and_strange_headers_do_no_harm() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(
            "\u{feff}{{\"new\":{deep},\"type\":\"EVENT\",\"headers\":{{\"topic\":{{\"a\":{deep}}},\"\\ud800\":1,\"messageId\":1e400}},\"header\":null,\"data\":{deep}}}"
        );
        let frame = Frame::decode(&text).expect("readable");
        assert_eq!((frame.kind, frame.topic.as_str(), frame.message_id.as_str()), (FrameKind::Event, "", "1e400"));
        assert_eq!(frame.data, deep);
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let frame = Frame::decode(r#"{"type":"EVENT","type":"SYSTEM","headers":{"topic":"a","topic":"ping"}}"#);
        let frame = frame.expect("readable");
        assert_eq!((frame.kind, frame.topic.as_str()), (FrameKind::System, "ping"));
    }

    #[test]
    fn debug_output_holds_no_data() {
        let frame = Frame::decode(r#"{"headers":{"topic":"t"},"data":"planted"}"#).expect("readable");
        assert!(!format!("{frame:?}").contains("planted"));
    }

    #[test]
    fn what_is_no_object_is_unreadable() {
        for text in ["", "null", "[]", "7", "{", "{\"type\":", "\u{0}", "{\"a\":1}}x"] {
            let _ = Frame::decode(text).map(|frame| assert_eq!(frame.kind, FrameKind::Unknown));
        }
        assert!(Frame::decode("[1,2]").is_err());
        assert!(Frame::decode("{\"type\"").is_err());
    }
}
