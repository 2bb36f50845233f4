//! Replies: the session webhook that came with a bot message.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::client::{Shared, counted};
use crate::config::Secret;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::json::Json;
use crate::kind::Kind;
use crate::message::Message;
use crate::net::Response;

/// Starts a reply to `delivery`. Done with `{"via":"session"}`.
pub(crate) fn reply(shared: &Arc<Shared>, delivery: &Delivery, message: Message) -> Call {
    let url = shared.born.check("delivery").and_then(|()| message.check()).and_then(|()| webhook_of(delivery));
    match url {
        Err(error) => Call::failed(shared, "reply", error),
        Ok(url) => Call::start(shared, "reply", counted(shared, send(Arc::clone(shared), url, message))),
    }
}

fn webhook_of(delivery: &Delivery) -> Result<Secret> {
    if delivery.kind() != Kind::Message {
        return Err(argument(format!("a delivery of kind {} can't be replied to", delivery.kind().name()))
            .hint("reply to a bot message"));
    }
    let data = delivery.data();
    let url = data.text("/sessionWebhook").filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let Some(url) = url else {
        return Err(Error::new(ErrorKind::NotFound, "the message came without a session webhook"));
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64);
    if data.int("/sessionWebhookExpiredTime").is_some_and(|expires| expires > 0 && expires < now) {
        return Err(expired("the session webhook of the message has expired"));
    }
    Ok(url.as_ref().into())
}

async fn send(shared: Arc<Shared>, url: Secret, message: Message) -> Outcome {
    let body = message.to_webhook()?.to_string();
    let response = shared.api()?.transport.post(url.expose(), body, shared.config.request_timeout_ms).await?;
    check(&response)?;
    Ok(Arc::new(Json::from(json!({ "via": "session" }))))
}

/// DingTalk answers business errors with HTTP 200.
fn check(response: &Response) -> Result<()> {
    let status = response.status;
    let body: Option<Value> = serde_json::from_str(&response.body).ok();
    let code = match body.as_ref().and_then(|body| body.get("errcode")) {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ if (200..300).contains(&status) => {
            return Err(Error::new(ErrorKind::Protocol, "the webhook's answer holds no errcode")
                .http(status)
                .hint("the message may have arrived; it was not sent again"));
        }
        _ => {
            return Err(Error::new(ErrorKind::Protocol, format!("the webhook answered with HTTP {status}"))
                .http(status)
                .retryable(status >= 500));
        }
    };
    let told = body.as_ref().and_then(|body| body.get("errmsg")).and_then(Value::as_str).unwrap_or_default();
    let error = match code.as_str() {
        "0" => return Ok(()),
        "300001" => expired("the session webhook is gone (300001)"),
        "130101" | "410100" => Error::new(ErrorKind::Throttled, format!("DingTalk limits the replies ({code} {told})")),
        "-1" => Error::new(ErrorKind::Rejected, format!("DingTalk is busy (-1 {told})")).retryable(true),
        _ => Error::new(ErrorKind::Rejected, format!("DingTalk refused the reply ({code} {told})"))
            .hint("look the code up in the documentation of robot messages"),
    };
    Err(error.http(status).platform(code, ""))
}

fn expired(message: &'static str) -> Error {
    Error::new(ErrorKind::Expired, message)
        .hint("reply within the time that the message's sessionWebhookExpiredTime gives")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<()> {
        check(&Response { status, body: body.to_owned() })
    }

    #[test]
    fn the_business_code_decides_not_the_status() {
        assert!(answer(200, r#"{"errcode":0,"errmsg":"ok"}"#).is_ok());
        assert!(answer(200, r#"{"errcode":"0"}"#).is_ok());
        let error = answer(200, r#"{"errcode":310000,"errmsg":"keywords not in content"}"#).expect_err("refused");
        assert_eq!((error.kind(), error.platform_code()), (ErrorKind::Rejected, "310000"));
        assert!(error.message().contains("keywords not in content"));
    }

    #[test]
    fn the_kinds_of_refusal_are_told_apart() {
        let kind = |status, body| answer(status, body).expect_err("refused").kind();
        assert_eq!(kind(200, r#"{"errcode":300001,"errmsg":"session 不存在"}"#), ErrorKind::Expired);
        assert_eq!(kind(200, r#"{"errcode":410100}"#), ErrorKind::Throttled);
        assert_eq!(kind(200, "<html>"), ErrorKind::Protocol);
        assert_eq!(kind(502, "<html>"), ErrorKind::Protocol);
    }
}
