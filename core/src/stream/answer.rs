//! The answers that go out on the wire, byte for byte.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::kind::Kind;

/// What the application, or the library in its place, decided about a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Done, with the JSON of a response for the kinds that carry one.
    Ok(Option<Box<str>>),
    /// Not now: an event comes again.
    Later(String),
    /// It did not work; the reason goes to the platform for events, so it holds no secret.
    Fail(String),
    /// The application let go of it, or took too long.
    Declined,
    /// Nobody handles it.
    Unhandled,
    /// The inbox has no room, or the client stops.
    Refused,
}

impl Settlement {
    /// Done; a response goes out for the kinds that carry one.
    pub(crate) fn ok(kind: Kind, response: &Value) -> Self {
        let carries = !matches!(kind, Kind::Message | Kind::Event) && !response.is_null();
        Self::Ok(carries.then(|| response.to_string().into_boxed_str()))
    }
}

/// Writes the text that answers the delivery with this message id.
pub fn write(out: &mut Vec<u8>, kind: Kind, message_id: &str, settlement: &Settlement) {
    let (code, message, data) = body(kind, settlement);
    frame(out, code, message_id, message, &data);
}

/// Writes the answer to a `ping`: its own data.
pub fn pong(out: &mut Vec<u8>, message_id: &str, data: &str) {
    frame(out, 200, message_id, "OK", if data.is_empty() { "{}" } else { data });
}

fn body(kind: Kind, settlement: &Settlement) -> (u16, &'static str, Cow<'static, str>) {
    const OK: (u16, &str) = (200, "OK");
    const ERROR: (u16, &str) = (500, "internal error");
    let later = |reason: &str| Cow::Owned(json!({ "status": "LATER", "message": reason }).to_string());
    let ((code, message), data) = match (kind, settlement) {
        (Kind::Event, Settlement::Ok(_) | Settlement::Unhandled) => {
            (OK, r#"{"status":"SUCCESS","message":"success"}"#.into())
        }
        (Kind::Event, Settlement::Later(reason)) => (OK, later(reason)),
        (Kind::Event, Settlement::Refused) => (OK, later("the inbox is full")),
        (Kind::Event, Settlement::Fail(reason)) => (ERROR, later(reason)),
        (Kind::Event, Settlement::Declined) => (ERROR, later("declined")),
        (_, Settlement::Unhandled) => ((404, "topic not found"), "{}".into()),
        (Kind::Message, Settlement::Ok(_)) => (OK, r#"{"response":null}"#.into()),
        (Kind::Message, _) => (ERROR, r#"{"response":null}"#.into()),
        (_, Settlement::Ok(None)) => (OK, r#"{"response":{}}"#.into()),
        (_, Settlement::Ok(Some(response))) => (OK, format!(r#"{{"response":{response}}}"#).into()),
        (_, _) => (ERROR, r#"{"response":{}}"#.into()),
    };
    (code, message, data)
}

fn frame(out: &mut Vec<u8>, code: u16, message_id: &str, message: &str, data: &str) {
    out.extend_from_slice(br#"{"code":"#);
    push(out, &code);
    out.extend_from_slice(br#","headers":{"messageId":"#);
    push(out, message_id);
    out.extend_from_slice(br#","contentType":"application/json"},"message":"#);
    push(out, message);
    out.extend_from_slice(br#","data":"#);
    push(out, data);
    out.push(b'}');
}

fn push<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("writing a text or number to memory works");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    fn answer(kind: Kind, id: &str, settlement: &Settlement) -> String {
        written(|out| write(out, kind, id, settlement))
    }

    fn data(kind: Kind, settlement: Settlement) -> (u64, String, String) {
        let text = answer(kind, "m", &settlement);
        let parsed: Value = serde_json::from_str(&text).expect("an answer is JSON");
        assert_eq!(parsed["headers"], json!({ "messageId": "m", "contentType": "application/json" }));
        let part = |name: &str| parsed[name].as_str().expect("a text").to_owned();
        (parsed["code"].as_u64().expect("a number"), part("message"), part("data"))
    }

    #[test]
    fn an_answer_has_the_documented_bytes() {
        assert_eq!(
            answer(Kind::Message, "213d841d_972", &Settlement::Ok(None)),
            r#"{"code":200,"headers":{"messageId":"213d841d_972","contentType":"application/json"},"message":"OK","data":"{\"response\":null}"}"#
        );
        assert_eq!(
            written(|out| pong(out, "p", r#"{"opaque" : "123-dsfs"}"#)),
            r#"{"code":200,"headers":{"messageId":"p","contentType":"application/json"},"message":"OK","data":"{\"opaque\" : \"123-dsfs\"}"}"#
        );
        assert_eq!(
            answer(Kind::Other, "x", &Settlement::Unhandled),
            r#"{"code":404,"headers":{"messageId":"x","contentType":"application/json"},"message":"topic not found","data":"{}"}"#
        );
    }

    #[test]
    fn every_cell_of_the_table_holds() {
        let ok = || Settlement::Ok(None);
        let fail = || Settlement::Fail("why".to_owned());
        let later = || Settlement::Later("why".to_owned());
        let row = |code, message: &str, data: &str| (code, message.to_owned(), data.to_owned());
        for failed in [fail(), later(), Settlement::Refused, Settlement::Declined] {
            assert_eq!(data(Kind::Message, failed.clone()), row(500, "internal error", r#"{"response":null}"#));
            for kind in [Kind::Card, Kind::Graph, Kind::Other] {
                assert_eq!(data(kind, failed.clone()), row(500, "internal error", r#"{"response":{}}"#));
            }
        }
        assert_eq!(data(Kind::Event, ok()), row(200, "OK", r#"{"status":"SUCCESS","message":"success"}"#));
        assert_eq!(data(Kind::Event, later()), row(200, "OK", r#"{"status":"LATER","message":"why"}"#));
        assert_eq!(data(Kind::Event, fail()), row(500, "internal error", r#"{"status":"LATER","message":"why"}"#));
        assert_eq!(
            data(Kind::Event, Settlement::Refused),
            row(200, "OK", r#"{"status":"LATER","message":"the inbox is full"}"#)
        );
        assert_eq!(
            data(Kind::Event, Settlement::Unhandled),
            row(200, "OK", r#"{"status":"SUCCESS","message":"success"}"#)
        );
        assert_eq!(data(Kind::Card, ok()), row(200, "OK", r#"{"response":{}}"#));
        assert_eq!(data(Kind::Card, Settlement::Unhandled), row(404, "topic not found", "{}"));
        let value = json!({ "cardData": { "cardParamMap": { "a": "b\n\"中" } } });
        assert_eq!(
            data(Kind::Card, Settlement::ok(Kind::Card, &value)),
            row(200, "OK", r#"{"response":{"cardData":{"cardParamMap":{"a":"b\n\"中"}}}}"#)
        );
    }
}
