//! Replies: the session webhook that came with a bot message, then OpenAPI.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use serde_json::{Value, json};
use url::Url;

use crate::call::{Call, Outcome};
use crate::card::{Instead, Opening};
use crate::client::{Shared, counted};
use crate::config::Secret;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::json::Json;
use crate::kind::Kind;
use crate::message::Message;
use crate::net::Response;
use crate::numbered::numbered;
use crate::openapi::Lane;
use crate::openapi::bot::{Target, send};
use crate::openapi::card::Space;
use crate::openapi::refusal;
use crate::stream::topics;

numbered! {
    /// The way that a reply takes. Numbers are stable.
    enum Via;
    /// Every way: name, number and meaning, for those who write the constants of other languages.
    const WAYS;
    /// The session webhook while it lives and can carry the message, else OpenAPI; never the other one after an outcome that is not known.
    Auto = 0 "auto",
    /// The session webhook alone.
    Session = 1 "session",
    /// OpenAPI alone.
    OpenApi = 2 "openapi",
}

/// What a reply needs to know of the delivery that it answers, taken before that may be freed.
#[derive(Clone)]
struct Origin {
    webhook: Result<Secret>,
    target: Result<Target>,
    robot: String,
    /// How the session webhook wants a message.
    shape: Shape,
}

/// Whose session webhook it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Robot,
    Assistant,
}

/// Starts a reply to `delivery`. Done with `{"via":"session"}` or `{"via":"openapi","processQueryKeys":[…]}`, and
/// `"lost":["mentions"]` where the way shows none.
pub(crate) fn reply(shared: &Arc<Shared>, delivery: &Delivery, message: Message, via: Via) -> Call {
    let origin =
        shared.born.check("delivery").and_then(|()| message.check()).and_then(|()| Origin::of(shared, delivery));
    match origin {
        Err(error) => Call::failed(&shared.teller, "reply", error),
        Ok(origin) => {
            Call::start(&shared.teller, "reply", counted(shared, work(Arc::clone(shared), origin, message, via)))
        }
    }
}

/// Where a card appears that answers `delivery`, and the reply in its place.
pub(crate) fn card(shared: &Arc<Shared>, delivery: &Delivery) -> Result<Opening> {
    shared.born.check("delivery")?;
    if delivery.kind() != Kind::Message {
        return Err(argument(format!("a delivery of kind {} has no place for a card", delivery.kind().name()))
            .hint("open a card on a bot message, or on a space through the client"));
    }
    let origin = Origin::of(shared, delivery)?;
    let space = target_of(delivery.data()).map(|target| match target {
        Target::Users(users) => Space::robot(users.concat()),
        Target::Group(conversation) | Target::Private(conversation, _) => Space::group(conversation),
    });
    // The official Python SDK says for whom the bot stands in (`card_replier.py`).
    let hosting = delivery.data().text("/hostingContext/userId");
    let space = space.map(|space| match &hosting {
        Some(user) => {
            let context = json!({ "userId": user }).to_string();
            space.with("extension", json!({ "hostingRepliedContext": context }))
        }
        None => space,
    });
    let (robot, shared) = (origin.robot.clone(), Arc::clone(shared));
    let instead: Instead = Box::new(move |message| {
        let (shared, origin) = (Arc::clone(&shared), origin.clone());
        async move { by_either(&shared, origin, message).await }.boxed()
    });
    Ok(Opening { robot, space, instead })
}

impl Origin {
    fn of(shared: &Shared, delivery: &Delivery) -> Result<Self> {
        let data = delivery.data();
        let (shape, at) = match delivery.kind() {
            Kind::Message => (Shape::Robot, "/sessionWebhook"),
            // The assistant's runtime hands it over inside of the request that it makes.
            Kind::Graph => (Shape::Assistant, "/body/sessionWebhook"),
            kind => {
                return Err(argument(format!("a delivery of kind {} can't be replied to", kind.name()))
                    .hint("reply to a bot message or to an assistant's request"));
            }
        };
        let target = match delivery.topic() {
            topics::BOT_DELEGATE | topics::GRAPH => Err(session_alone()),
            _ => target_of(data),
        };
        let robot = data.text("/robotCode").filter(|code| !code.is_empty());
        Ok(Self {
            webhook: webhook_of(data, at),
            target,
            robot: robot.map_or_else(|| shared.config.robot_code.clone(), |code| code.into_owned()),
            shape,
        })
    }
}

/// By OpenAPI it would come from the robot, elsewhere than where the other one waits for the person's answer.
fn session_alone() -> Error {
    Error::new(ErrorKind::NotFound, "only its session webhook leads to where this came from")
}

impl Shape {
    fn body(self, message: &Message) -> Result<String> {
        match self {
            Self::Robot => message.to_webhook(),
            Self::Assistant => message.to_assistant(),
        }
    }

    fn check(self, response: &Response) -> Result<()> {
        match self {
            Self::Robot => check(response),
            // What it answers is documented nowhere; a refusal says so.
            Self::Assistant => refusal::read(response).map(drop).map_err(|(error, _)| error),
        }
    }

    fn loses_mentions(self, message: &Message) -> bool {
        match self {
            Self::Robot => message.webhook_loses_mentions(),
            Self::Assistant => message.mentions(),
        }
    }
}

fn webhook_of(data: &Json, at: &str) -> Result<Secret> {
    let url = data.text(at).filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let Some(url) = url else {
        return Err(Error::new(ErrorKind::NotFound, "the message came without a session webhook"));
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64);
    if data.int("/sessionWebhookExpiredTime").is_some_and(|expires| expires > 0 && expires < now) {
        return Err(expired("the session webhook of the message has expired"));
    }
    Ok(url.as_ref().into())
}

/// Where OpenAPI sends what answers a message.
fn target_of(data: &Json) -> Result<Target> {
    let part = |pointer| data.text(pointer).filter(|text| !text.is_empty()).map(|text| text.into_owned());
    if data.text("/conversationType").as_deref() == Some("2") {
        let missing = || Error::new(ErrorKind::NotFound, "the message came without a conversation id");
        return part("/conversationId").map(Target::Group).ok_or_else(missing);
    }
    part("/senderStaffId").map(|user| Target::Users(vec![user])).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "the sender has no staff id, which OpenAPI needs")
            .hint("publish the application; people outside its organisation have none at all")
    })
}

async fn work(shared: Arc<Shared>, origin: Origin, message: Message, via: Via) -> Outcome {
    let done = match via {
        Via::Session => by_session(&shared, origin.webhook?, origin.shape, &message).await,
        Via::OpenApi => by_openapi(&shared, origin.target?, origin.robot, message).await,
        Via::Auto => by_either(&shared, origin, message).await,
    };
    done.map(|told| Arc::new(Json::from(told)))
}

async fn by_either(shared: &Shared, origin: Origin, message: Message) -> Result<Value> {
    let first = match (origin.webhook, origin.shape.body(&message)) {
        (Ok(webhook), Ok(_)) => match by_session(shared, webhook, origin.shape, &message).await {
            // Only what certainly did not arrive is sent again.
            Err(error) if error.kind() == ErrorKind::Expired => error,
            done => return done,
        },
        (Err(error), _) | (_, Err(error)) => error,
    };
    // Where nothing else is left, what was wrong first says more.
    let Ok(target) = &origin.target else { return Err(both(first, origin.target.err())) };
    if message.to_openapi().is_err() {
        return Err(first);
    }
    by_openapi(shared, target.clone(), origin.robot, message).await
}

fn both(first: Error, second: Option<Error>) -> Error {
    let Some(second) = second else { return first };
    let told = format!("{}, and {}", first.message(), second.message());
    Error::new(first.kind(), told).hint(second.advice().to_owned())
}

async fn by_session(shared: &Shared, webhook: Secret, shape: Shape, message: &Message) -> Result<Value> {
    let app = shared.app()?;
    let asked = |error: Error| match Url::parse(webhook.expose()) {
        Ok(url) => error.asked("POST", &url),
        Err(_) => error,
    };
    let sent = app.network().transport.post(webhook.expose(), shape.body(message)?, app.patience());
    let response = sent.await.map_err(asked)?;
    shape.check(&response).map_err(asked)?;
    let mut told = json!({ "via": "session" });
    if shape.loses_mentions(message) {
        told["lost"] = json!(["mentions"]);
    }
    Ok(told)
}

async fn by_openapi(shared: &Shared, target: Target, robot: String, message: Message) -> Result<Value> {
    let mut told = send(shared.app()?, &robot, target, message, Lane::Urgent).await?;
    if let Some(invalid) = told.get("invalidStaffIdList").and_then(Value::as_array).filter(|list| !list.is_empty()) {
        let count = invalid.len();
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("DingTalk does not know the sender ({count} invalid staff id)"),
        ));
    }
    told["via"] = "openapi".into();
    Ok(told)
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
        check(&Response { status, body: body.to_owned(), ..Response::default() })
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

    #[test]
    fn openapi_answers_where_the_message_came_from() {
        let target = |data: Value| target_of(&Json::from(data)).map_err(|error| error.to_string());
        let group = json!({ "conversationType": "2", "conversationId": "cid", "senderStaffId": "s" });
        assert_eq!(target(group), Ok(Target::Group("cid".to_owned())));
        let person = json!({ "conversationType": "1", "conversationId": "cid", "senderStaffId": "s" });
        assert_eq!(target(person), Ok(Target::Users(vec!["s".to_owned()])));
        let stranger = target(json!({ "conversationType": "1" })).expect_err("nobody to send to");
        assert!(stranger.contains("no staff id"), "{stranger}");
    }
}
