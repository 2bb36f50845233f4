//! The body that both webhooks take, a session's and a custom robot's, checked as DingTalk checks it.

use axum::http::{HeaderMap, header};
use serde_json::Value;

const LARGEST_BODY: usize = 20_000;

/// `errcode` and `errmsg`.
pub(crate) type Refused = (i64, String);

pub(crate) fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Value, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.trim_start().to_ascii_lowercase().starts_with("application/json") {
        return Err((43_004, "无效的HTTP HEADER Content-Type".to_owned()));
    }
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if body.is_object() { Ok(body) } else { Err((40_035, "缺少参数 json".to_owned())) }
}

/// What every message type must hold, and the code that DingTalk gives for its absence.
const REQUIRED: &[(&str, &[(&str, i64)])] = &[
    ("text", &[("", 400_201), ("content", 400_202)]),
    ("link", &[("", 400_301), ("text", 400_302), ("title", 400_303), ("messageUrl", 400_304)]),
    ("markdown", &[("", 400_401), ("title", 400_402), ("text", 400_403)]),
    ("actionCard", &[("", 400_501), ("title", 400_502), ("text", 400_503)]),
    ("feedCard", &[("", 400_601), ("links", 400_602)]),
    ("empty", &[]),
];
const BUTTON: &[(&str, i64)] = &[("title", 400_507), ("actionURL", 400_508)];
const LINK: &[(&str, i64)] = &[("title", 400_603), ("messageURL", 400_604), ("picURL", 400_605)];

/// `size` is that of the body as it was sent.
pub(crate) fn check(body: &Value, size: usize) -> Result<(), Refused> {
    let msgtype = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let known = REQUIRED.iter().find(|(name, _)| *name == msgtype);
    let (_, fields) = known.ok_or_else(|| (400_105, "不支持的消息类型".to_owned()))?;
    for (field, code) in *fields {
        match *field {
            "" if lacks(body, msgtype) => return Err(missing(*code, msgtype)),
            "" => {}
            field if lacks(&body[msgtype], field) => return Err(missing(*code, &format!("{msgtype}->{field}"))),
            _ => {}
        }
    }
    match msgtype {
        "actionCard" => check_buttons(&body["actionCard"])?,
        "feedCard" => check_each(&body["feedCard"]["links"], "feedCard->links", LINK)?,
        _ => {}
    }
    if size > LARGEST_BODY {
        return Err((460_101, format!("message too long, exceed {LARGEST_BODY} bytes")));
    }
    Ok(())
}

/// A card of DingTalk's own that shows markdown, which is all that the official SDKs send to an assistant.
pub(crate) fn check_for_assistant(body: &Value) -> Result<(), Refused> {
    let card = &body["content"];
    if body["contentType"] != "ai_card" {
        return Err((400_105, "不支持的消息类型".to_owned()));
    }
    match (lacks(card, "templateId"), lacks(&card["cardData"], "content")) {
        (false, false) => Ok(()),
        (true, _) => Err(missing(400_201, "content->templateId")),
        (false, true) => Err(missing(400_202, "content->cardData->content")),
    }
}

/// One button with its URL, beside which a list of buttons is ignored, or such a list.
fn check_buttons(card: &Value) -> Result<(), Refused> {
    match (lacks(card, "singleTitle"), lacks(card, "singleURL"), lacks(card, "btns")) {
        (false, false, _) => Ok(()),
        (false, true, _) => Err(missing(400_505, "actionCard->singleURL")),
        (true, false, _) => Err(missing(400_504, "actionCard->singleTitle")),
        (true, true, true) => Err(missing(400_506, "actionCard->btns")),
        (true, true, false) => check_each(&card["btns"], "actionCard->btns", BUTTON),
    }
}

fn check_each(list: &Value, name: &str, fields: &[(&str, i64)]) -> Result<(), Refused> {
    for one in list.as_array().into_iter().flatten() {
        if let Some((field, code)) = fields.iter().find(|(field, _)| lacks(one, field)) {
            return Err(missing(*code, &format!("{name}->{field}")));
        }
    }
    Ok(())
}

fn missing(code: i64, name: &str) -> Refused {
    (code, format!("miss param : {name}"))
}

fn lacks(value: &Value, field: &str) -> bool {
    match value.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(_) => false,
    }
}
