//! Opening: id and secret against a ticket and the address to connect to.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::UdpSocket;
use url::Url;

use crate::config::{Config, Secret, Subscription};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::net::{Response, Transport};

const PATH: &str = "/v1.0/gateway/connections/open";
const STAGE: &str = "open";
/// The name service may be slow, and the address is worth no wait.
const ROUTE_PATIENCE: Duration = Duration::from_secs(1);

/// What opening returns. The ticket is valid for 90 seconds and for one connection.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) endpoint: String,
    pub(crate) ticket: Secret,
}

/// Asks for a ticket.
pub(crate) async fn open(transport: &Transport, config: &Config, subscriptions: &[Subscription]) -> Result<Opened> {
    let url = format!("{}{PATH}", config.endpoint);
    let local_ip = if config.local_ip.is_empty() { route_to(&config.endpoint).await } else { config.local_ip.clone() };
    let body = request(config, subscriptions, &local_ip).to_string();
    let told = |error: Error| match Url::parse(&url) {
        Ok(url) => error.at(STAGE).asked("POST", &url),
        Err(_) => error.at(STAGE),
    };
    let response = transport.post(&url, body, config.open_timeout_ms).await.map_err(told)?;
    read(&response).map_err(told)
}

/// Whether trying again without a change can't help.
pub(crate) fn is_definitive(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Auth | ErrorKind::Forbidden)
}

fn request(config: &Config, subscriptions: &[Subscription], local_ip: &str) -> Value {
    let subscriptions: Vec<_> = subscriptions
        .iter()
        .map(|subscription| {
            let kind = if subscription.kind == Kind::Event { "EVENT" } else { "CALLBACK" };
            json!({ "topic": subscription.topic, "type": kind })
        })
        .collect();
    let mut body = json!({
        "clientId": config.client_id,
        "clientSecret": config.client_secret.expose(),
        "subscriptions": subscriptions,
        "ua": config.ua,
        "localIp": local_ip,
    });
    if !config.extras.is_empty() {
        body["extras"] = json!(config.extras);
    }
    body
}

fn read(response: &Response) -> Result<Opened> {
    let body: Option<Value> = serde_json::from_str(&response.body).ok();
    if response.status == 200 {
        let part = |name: &str| body.as_ref()?.get(name)?.as_str().filter(|text| !text.is_empty());
        return match (part("endpoint"), part("ticket")) {
            (Some(endpoint), Some(ticket)) => Ok(Opened { endpoint: endpoint.to_owned(), ticket: ticket.into() }),
            _ => Err(Error::new(ErrorKind::Protocol, "the endpoint's answer holds no address and ticket")
                .http(200)
                .retryable(true)),
        };
    }
    Err(refusal(response.status, body.as_ref()))
}

fn refusal(status: u16, body: Option<&Value>) -> Error {
    let part = |names: &[&str]| {
        let object = body.and_then(Value::as_object);
        let found =
            object.and_then(|object| object.iter().find(|(key, _)| names.contains(&key.to_lowercase().as_str())));
        found.and_then(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let (code, request_id) = (part(&["code"]), part(&["requestid"]));
    let told = if code.is_empty() { status.to_string() } else { format!("{status} {code}") };
    let error = match (status, code) {
        (401, _) | (_, "authFailed" | "invalidClientIdOrSecret") => {
            Error::new(ErrorKind::Auth, format!("the endpoint refused the credential ({told})"))
                .hint("check clientId and clientSecret, and that the application is not disabled")
        }
        (403, code) if code.contains("IpNotInWhiteList") => {
            Error::new(ErrorKind::Forbidden, format!("the endpoint does not allow this machine's address ({told})"))
                .hint("add it to 服务器出口IP of the application in the developer console")
        }
        (403, code) if code.contains("Qps") || code.contains("Qpm") => throttled(&told),
        (429, _) => throttled(&told),
        (403, _) => Error::new(ErrorKind::Rejected, format!("the endpoint refused to open a connection ({told})"))
            .retryable(true)
            .hint("look the code up in the documentation, or give the request id to DingTalk's support"),
        _ if body.is_none() => Error::new(ErrorKind::Protocol, format!("the endpoint's answer is not JSON ({told})"))
            .retryable(true)
            .hint("a proxy or another server may be answering in DingTalk's place"),
        _ => Error::new(ErrorKind::Rejected, format!("the endpoint could not open a connection ({told})"))
            .retryable(true),
    };
    error.http(status).platform(code, request_id)
}

fn throttled(told: &str) -> Error {
    Error::new(ErrorKind::Throttled, format!("the endpoint limits how often connections are opened ({told})"))
}

/// The address of the route to the endpoint. Connecting a UDP socket sends nothing.
async fn route_to(endpoint: &str) -> String {
    let found = tokio::time::timeout(ROUTE_PATIENCE, async {
        let url = url::Url::parse(endpoint).ok()?;
        let socket = UdpSocket::bind(("0.0.0.0", 0)).await.ok()?;
        socket.connect((url.host_str()?, url.port_or_known_default()?)).await.ok()?;
        Some(socket.local_addr().ok()?.ip().to_string())
    });
    found.await.ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Opened> {
        read(&Response { status, body: body.to_owned(), ..Response::default() })
    }

    #[test]
    fn every_field_of_the_request_is_sent() {
        let mut config = Config::new("id", "secret");
        config.ua = "dingstream-sdk-rust/0-union".to_owned();
        config.subscribe(Kind::Event, "").expect("events");
        config.subscribe(Kind::Message, "").expect("messages");
        let plain = request(&config, &config.subscriptions, "10.0.0.1").to_string();
        assert_eq!(
            plain,
            r#"{"clientId":"id","clientSecret":"secret","subscriptions":[{"topic":"*","type":"EVENT"},{"topic":"/v1.0/im/bot/messages/get","type":"CALLBACK"}],"ua":"dingstream-sdk-rust/0-union","localIp":"10.0.0.1"}"#
        );
        config.extras.insert("zone".to_owned(), "a".to_owned());
        assert_eq!(request(&config, &[], "")["extras"]["zone"], "a");
    }

    #[test]
    fn a_bad_credential_is_definitive() {
        let error =
            answer(401, r#"{"requestid":"r-1","code":"authFailed","message":"鉴权失败"}"#).expect_err("refused");
        assert!(is_definitive(&error));
        assert_eq!((error.kind(), error.platform_code(), error.request_id()), (ErrorKind::Auth, "authFailed", "r-1"));
    }

    #[test]
    fn an_address_that_is_not_allowed_is_definitive() {
        let error = answer(403, r#"{"code":"Forbidden.AccessDenied.IpNotInWhiteList"}"#).expect_err("refused");
        assert!(is_definitive(&error) && error.advice().contains("服务器出口IP"));
    }

    #[test]
    fn trouble_on_the_other_side_is_not_definitive() {
        for (status, body) in
            [(500, "{}"), (503, "<html>"), (400, "<html>plain HTTP"), (429, "{}"), (200, "{}"), (200, "x")]
        {
            let error = answer(status, body).expect_err("refused");
            assert!(!is_definitive(&error) && error.is_retryable(), "{error:?}");
        }
    }

    #[test]
    fn an_answer_holds_address_and_ticket() {
        let opened = answer(200, r#"{"endpoint":"ws://h/c","ticket":"t","more":1}"#).expect("opened");
        assert_eq!((opened.endpoint.as_str(), opened.ticket.expose()), ("ws://h/c", "t"));
    }
}
