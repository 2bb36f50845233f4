//! The frames that DingTalk sends. Decoding is lenient: the documents and the servers contradict each other.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::mend_surrogates;

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
#[derive(Debug)]
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

impl Frame {
    /// Decodes one text frame.
    ///
    /// # Errors
    /// [`Unreadable`] where the text is no JSON object.
    pub fn decode(text: &str) -> Result<Self, Unreadable> {
        match decode(text) {
            Ok(frame) => Ok(frame),
            Err(_) => decode(&mend_surrogates(text)).map_err(|error| Unreadable(error.column())),
        }
    }
}

fn decode(text: &str) -> serde_json::Result<Frame> {
    let wire: Wire<'_> = serde_json::Deserializer::from_str(text).deserialize_map(WireVisitor)?;
    let headers = wire.headers.map_or("{}", RawValue::get);
    let Headers { topic, message_id } = if headers.starts_with('{') {
        serde_json::Deserializer::from_str(headers).deserialize_map(HeadersVisitor)?
    } else {
        Headers::default()
    };
    let kind = match wire.kind.map(RawValue::get) {
        Some("\"SYSTEM\"") => FrameKind::System,
        Some("\"EVENT\"") => FrameKind::Event,
        Some("\"CALLBACK\"") => FrameKind::Callback,
        _ => FrameKind::Unknown,
    };
    let data = match wire.data.map(RawValue::get) {
        None | Some("null") => String::new(),
        Some(raw) if raw.starts_with('"') => serde_json::from_str(raw)?,
        Some(raw) => raw.to_owned(),
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
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "type" => wire.kind = Some(map.next_value()?),
                "headers" | "header" => wire.headers = Some(map.next_value()?),
                "data" => wire.data = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
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
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "topic" => headers.topic = scalar(map.next_value()?),
                "messageId" => headers.message_id = scalar(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(headers)
    }
}

/// A header's text; a number or boolean is taken as its literal, anything else as empty.
fn scalar(raw: &RawValue) -> String {
    let raw = raw.get();
    match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str(raw).unwrap_or_default(),
        Some(b'{' | b'[' | b'n') | None => String::new(),
        Some(_) => raw.to_owned(),
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
    fn what_is_no_object_is_unreadable() {
        for text in ["", "null", "[]", "7", "{", "{\"type\":", "\u{0}", "{\"a\":1}}x"] {
            let _ = Frame::decode(text).map(|frame| assert_eq!(frame.kind, FrameKind::Unknown));
        }
        assert!(Frame::decode("[1,2]").is_err());
        assert!(Frame::decode("{\"type\"").is_err());
    }
}
