//! The frames that DingTalk sends. Decoding is lenient: the documents and the servers contradict each other.

use std::borrow::Cow;
use std::fmt;

use crate::json::{BYTE_ORDER_MARK, Broken, Object, text_of};

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

/// One frame, decoded as far as the session needs it. All but the payload is lent from its text.
pub struct Frame<'a> {
    /// What it is about.
    pub kind: FrameKind,
    /// `headers.topic`, or empty.
    pub topic: Cow<'a, str>,
    /// `headers.messageId`, which the answer echoes; or empty.
    pub message_id: Cow<'a, str>,
    /// The headers as they came, or `{}`.
    pub headers: &'a str,
    /// The payload: the text that `data` holds. An object instead of a text is taken as its JSON; `null` and absent are empty.
    pub data: String,
}

/// Why a frame can't be read. It never quotes the frame.
#[derive(Debug, thiserror::Error)]
#[error("the frame is no JSON object with headers (column {0})")]
pub struct Unreadable(usize);

impl fmt::Debug for Frame<'_> {
    /// Shows kind, topic and id; never the data, which is what a person wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("kind", &self.kind)
            .field("topic", &self.topic)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

impl<'a> Frame<'a> {
    /// Decodes one text frame.
    ///
    /// # Errors
    /// [`Unreadable`] where the text is no JSON object.
    pub fn decode(text: &'a str) -> Result<Self, Unreadable> {
        let text = text.trim_start_matches(BYTE_ORDER_MARK);
        decode(text).map_err(|Broken(at)| Unreadable(at))
    }
}

fn decode(text: &str) -> Result<Frame<'_>, Broken> {
    let (mut kind, mut headers, mut data) = (FrameKind::Unknown, "{}", String::new());
    let (mut topic, mut message_id) = ("", "");
    let mut frame = Object::of(text)?;
    // A name that is compared as it stands costs no memory, and one that is no text at all does no harm.
    while let Some(name) = frame.name()? {
        match name {
            r#""data""# => data = payload(&mut frame)?,
            r#""type""# => kind = kind_of(frame.value()?),
            r#""headers""# | r#""header""# => {
                let (mut told_topic, mut told_id) = ("", "");
                let value = frame.members(|name, value| match name {
                    r#""topic""# => told_topic = value,
                    r#""messageId""# => told_id = value,
                    _ => {}
                })?;
                if value.starts_with('{') {
                    (headers, topic, message_id) = (value, told_topic, told_id);
                }
            }
            _ => drop(frame.value()?),
        }
    }
    Ok(Frame { kind, topic: scalar(topic), message_id: scalar(message_id), headers, data })
}

fn kind_of(raw: &str) -> FrameKind {
    match raw {
        r#""SYSTEM""# => FrameKind::System,
        r#""EVENT""# => FrameKind::Event,
        r#""CALLBACK""# => FrameKind::Callback,
        _ => FrameKind::Unknown,
    }
}

fn payload(frame: &mut Object<'_>) -> Result<String, Broken> {
    Ok(match frame.text()? {
        Some(text) => text,
        None => Some(frame.value()?).filter(|raw| *raw != "null").unwrap_or_default().to_owned(),
    })
}

/// A header's text; a number or boolean is taken as its literal, anything else as empty.
fn scalar(raw: &str) -> Cow<'_, str> {
    match raw.as_bytes().first() {
        Some(b'{' | b'[' | b'n') | None => Cow::default(),
        Some(_) => text_of(raw).unwrap_or(Cow::Borrowed(raw)),
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
            (frame.kind, &*frame.topic, &*frame.message_id),
            (FrameKind::Callback, "/v1.0/im/bot/messages/get", "m1")
        );
        assert_eq!(frame.data, r#"{"text":{"content":"你好"}}"#);
    }

    #[test]
    fn header_is_read_as_headers_and_numbers_as_text() {
        let frame =
            Frame::decode(r#"{"type":"EVENT","header":{"messageId":7,"topic":"*"},"data":{"a":1}}"#).expect("readable");
        assert_eq!((frame.kind, &*frame.message_id, frame.data.as_str()), (FrameKind::Event, "7", r#"{"a":1}"#));
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
        assert_eq!((&*frame.topic, frame.data.as_str()), ("\u{fffd}", "a\u{fffd}b"));
    }

    #[test]
    fn depth_order_marks_and_strange_headers_do_no_harm() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = format!(
            "\u{feff}{{\"new\":{deep},\"type\":\"EVENT\",\"headers\":{{\"topic\":{{\"a\":{deep}}},\"\\ud800\":1,\"messageId\":1e400}},\"header\":null,\"data\":{deep}}}"
        );
        let frame = Frame::decode(&text).expect("readable");
        assert_eq!((frame.kind, &*frame.topic, &*frame.message_id), (FrameKind::Event, "", "1e400"));
        assert_eq!(frame.data, deep);
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let frame = Frame::decode(r#"{"type":"EVENT","type":"SYSTEM","headers":{"topic":"a","topic":"ping"}}"#);
        let frame = frame.expect("readable");
        assert_eq!((frame.kind, &*frame.topic), (FrameKind::System, "ping"));
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
