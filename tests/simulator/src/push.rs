//! A push, from the order to the frame that is sent.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::apps::App;
use crate::card;
use crate::connections::{Outgoing, Route};
use crate::control::Refused;
use crate::frames::Content;
use crate::owed::{Pushed, Verdict};
use crate::payloads;
use crate::platform::Platform;
use crate::push_request::PushRequest;
use crate::redelivery::deliver_event;

/// Where the push is to go, when not to any that fits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    connection: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) message_id: String,
    pub(crate) connection: Option<String>,
    pub(crate) delivered: bool,
}

pub(crate) fn push(platform: &Arc<Platform>, request: Value) -> Result<Value, Refused> {
    let mut request: PushRequest = serde_json::from_value(request).map_err(|error| Refused::bad(error.to_string()))?;
    let app = addressed_app(platform, &request)?;
    let target = Target { connection: request.connection.clone() };
    let mut pushed = Vec::new();
    for n in 0..request.count.unwrap_or(1) {
        if let Some(conversations) = request.conversations {
            let which = n.checked_rem(conversations).ok_or_else(|| Refused::bad("there are no 0 conversations"))?;
            request.conversation_id = Some(format!("cid-{which}"));
        }
        pushed.push(push_one(platform, &request, &app, &target)?);
    }
    match request.count {
        None | Some(1) => Ok(pushed.remove(0)),
        Some(_) => Ok(json!({"pushed": pushed})),
    }
}

fn push_one(platform: &Arc<Platform>, request: &PushRequest, app: &App, target: &Target) -> Result<Value, Refused> {
    if request.kind == "frame" {
        return push_raw(platform, request, app, target);
    }
    let click = match card::aim(platform, request, &app.client_id) {
        Ok(click) => click,
        Err(why) => return Ok(json!({"messageId": null, "connection": null, "delivered": false, "why": why})),
    };
    let content = payloads::content(platform, request, app, click)?;
    let (msg_id, event_id) = (content.msg_id.clone(), content.event_id.clone());
    let delivery = if content.frame_type == "EVENT" {
        deliver_event(platform, content, target)
    } else {
        deliver(platform, &content, target, None, 1)
    };
    let mut answer = json!({"messageId": delivery.message_id, "connection": delivery.connection});
    if let Some(msg_id) = msg_id {
        answer["msgId"] = json!(msg_id);
    }
    if let Some(event_id) = event_id {
        answer["eventId"] = json!(event_id);
    }
    answer["delivered"] = json!(delivery.delivered);
    Ok(answer)
}

/// One attempt: a frame with an id of its own, to one of the connections that fit.
pub(crate) fn deliver(
    platform: &Platform,
    content: &Content,
    target: &Target,
    waiting: Option<oneshot::Sender<Verdict>>,
    attempt: u32,
) -> Delivery {
    let _undisturbed = platform.undisturbed();
    let now = platform.clock.now();
    let subscription = (content.frame_type != "SYSTEM").then_some((content.frame_type, content.topic.as_str()));
    let route = Route { client_id: &content.client_id, subscription, connection: target.connection.as_deref() };
    let connection = platform.connections.choose(&route, &platform.dice);
    let made_id = platform.dice.frame_message_id(now);
    let frame = content.frame(&made_id, connection.as_deref().unwrap_or_default(), now);
    if target.connection.is_some() && connection.is_none() {
        return Delivery { message_id: made_id, connection, delivered: false };
    }
    let message_id = frame.pointer("/headers/messageId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let text = frame.to_string();
    let shown = match &content.session {
        Some(session) => text.replace(session.as_str(), "***"),
        None => text.clone(),
    };
    // Owed and told before it is sent: the answer may come at once.
    if let (Some(connection), false) = (&connection, message_id.is_empty()) {
        let record_kind =
            if (content.frame_type, content.topic.as_str()) == ("SYSTEM", "ping") { "ping" } else { "answer" };
        let pushed = Pushed {
            record_kind,
            event_id: content.event_id.clone(),
            msg_id: content.msg_id.clone(),
            waiting,
            click: content.click.clone(),
        };
        platform.owed.add(connection, &message_id, pushed);
    }
    platform.record(
        "push",
        json!({
            "connection": connection,
            "clientId": content.client_id,
            "type": content.frame_type,
            "topic": content.topic,
            "messageId": message_id,
            "msgId": content.msg_id,
            "eventId": content.event_id,
            "attempt": attempt,
            "delivered": connection.is_some(),
            "frame": shown,
        }),
    );
    let delivered =
        connection.as_deref().is_some_and(|id| platform.connections.send(id, Outgoing::Frame(Message::text(text))));
    Delivery { message_id, connection, delivered }
}

/// Bytes as they are, well formed or not.
fn push_raw(platform: &Platform, request: &PushRequest, app: &App, target: &Target) -> Result<Value, Refused> {
    let payload = payloads::raw_bytes(request)?;
    let _undisturbed = platform.undisturbed();
    let route = Route { client_id: &app.client_id, subscription: None, connection: target.connection.as_deref() };
    let connection = platform.connections.choose(&route, &platform.dice);
    let parsed: Value = serde_json::from_slice(&payload).unwrap_or(Value::Null);
    let message_id = parsed.pointer("/headers/messageId").and_then(Value::as_str).map(str::to_owned);
    if let (Some(connection), Some(message_id)) = (&connection, &message_id) {
        let pushed = Pushed { record_kind: "answer", event_id: None, msg_id: None, waiting: None, click: None };
        platform.owed.add(connection, message_id, pushed);
    }
    platform.record(
        "push",
        json!({
            "connection": connection,
            "clientId": app.client_id,
            "messageId": message_id,
            "delivered": connection.is_some(),
            "frame": String::from_utf8_lossy(&payload),
        }),
    );
    // A frame of our own making, because a text message must be UTF-8 and this need not be.
    let kind = if request.binary { Data::Binary } else { Data::Text };
    let frame = Message::Frame(Frame::message(payload, OpCode::Data(kind), true));
    let delivered = connection.as_deref().is_some_and(|id| platform.connections.send(id, Outgoing::Frame(frame)));
    Ok(json!({"messageId": message_id, "connection": connection, "delivered": delivered}))
}

pub(crate) fn push_ping(platform: &Platform, connection: &str) {
    if platform.connections.is_open(connection) {
        let data = json!({"opaque": platform.dice.uuid()});
        push_system(platform, connection, "ping", &data);
    }
}

/// The platform's own frame, as long a silence as it promises, and the end.
pub(crate) fn push_disconnect(platform: &Arc<Platform>, connection: String) {
    platform.connections.drain(&connection);
    push_system(platform, &connection, "disconnect", &json!({"reason": "connection is expired"}));
    let platform = Arc::clone(platform);
    let end = platform.clock.now() + platform.settings.get().silence_ms;
    tokio::spawn(async move {
        platform.clock.sleep_until(end).await;
        platform.connections.send(&connection, Outgoing::Close(1000));
    });
}

fn push_system(platform: &Platform, connection: &str, topic: &str, data: &Value) {
    let content = Content {
        client_id: platform.connections.client_of(connection).unwrap_or_default(),
        frame_type: "SYSTEM",
        topic: topic.to_owned(),
        data: data.to_string(),
        ..Content::default()
    };
    deliver(platform, &content, &Target { connection: Some(connection.to_owned()) }, None, 1);
}

fn addressed_app(platform: &Platform, request: &PushRequest) -> Result<App, Refused> {
    let client_id = match (&request.client_id, &request.connection) {
        (Some(client_id), _) => client_id.clone(),
        (None, Some(connection)) => {
            let client = platform.connections.client_of(connection);
            client.ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, format!("there is no connection {connection}")))?
        }
        (None, None) => match request.out_track_id.as_deref().and_then(|card| platform.cards.owner(card)) {
            Some(owner) => owner,
            None => only_app(platform)?,
        },
    };
    let app = platform.apps.get(&client_id);
    app.ok_or_else(|| Refused::new(StatusCode::NOT_FOUND, format!("there is no app {client_id}, add it at /_sim/apps")))
}

fn only_app(platform: &Platform) -> Result<String, Refused> {
    let mut ids = platform.apps.ids();
    if ids.len() > 1 {
        ids.retain(|id| !platform.connections.open_ids(Some(id)).is_empty());
    }
    match ids.as_slice() {
        [only] => Ok(only.clone()),
        _ => Err(Refused::bad("several apps could be meant, give clientId")),
    }
}
