//! Planted secrets: whatever a client tells in logs, states, errors and debug output, none of them is in it.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use dingstream::config::Answer;
use dingstream::stream::frame::Frame;
use dingstream::{
    BotMessage, Call, CardAction, Client, Config, Delivery, Error, Event, Item, Json, Later, Level, Message, Queue,
    Secret, StateChange, Via,
};
use serde_json::{Value, json};

use crate::support::rogue::{Habit, Rogue};
use crate::support::{DEADLINE, InTime, World};

/// Every planted secret has it somewhere inside.
const MARK: &str = "planted";

/// All that was told.
#[derive(Default)]
struct Ear {
    told: Vec<String>,
    /// What must not be told although it could not be planted.
    secrets: Vec<String>,
}

impl Ear {
    fn hear(&mut self, told: &impl Debug) {
        self.told.push(format!("{told:?} {told:#?}"));
    }

    fn error(&mut self, error: &Error) {
        self.hear(error);
        self.told.push(format!("{error} {} {} {}", error.message(), error.advice(), error.to_json()));
    }

    fn outcome(&mut self, call: &Call) {
        self.hear(call);
        match call.in_time() {
            Ok(result) => {
                self.hear(&result);
                self.told.push(result.as_str().to_owned());
            }
            Err(error) => self.error(&error),
        }
    }

    /// Hears what waits in a queue up to the first item that `until` accepts, and gives back the deliveries.
    fn drain(&mut self, queue: &Queue, until: impl Fn(&Item) -> bool) -> Vec<Delivery> {
        self.hear(queue);
        let (mut deliveries, mut items) = (Vec::new(), Vec::new());
        let deadline = Instant::now() + DEADLINE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "what was waited for did not come; told so far: {:#?}", self.told);
            queue.take(1, Some(left), &mut items).expect("taking works");
            let Some(item) = items.pop() else { continue };
            self.hear(&item);
            let last = until(&item);
            match item {
                Item::Log { record, .. } => self.hear(&record),
                Item::Done { outcome, .. } => self.hear(&outcome),
                Item::Delivery(delivery) => {
                    if delivery.kind() == dingstream::Kind::State {
                        self.told.push(delivery.data().as_str().to_owned());
                    }
                    deliveries.push(delivery);
                }
            }
            if last {
                return deliveries;
            }
        }
    }

    fn next(&mut self, queue: &Queue) -> Delivery {
        let owes = |item: &Item| matches!(item, Item::Delivery(delivery) if delivery.kind() != dingstream::Kind::State);
        self.drain(queue, owes).pop().expect("a delivery")
    }

    fn state(&mut self, queue: &Queue, state: &str) {
        self.drain(queue, |item| matches!(item, Item::Delivery(delivery) if delivery.topic() == state));
    }

    fn check(&self, expected: &[&str]) {
        let all = self.told.join("\n");
        for told in expected {
            assert!(all.contains(told), "{told:?} was to be told, or this test proves nothing:\n{all}");
        }
        for secret in self.secrets.iter().map(String::as_str).chain([MARK]) {
            assert!(!all.contains(secret), "a secret is told:\n{all}");
        }
    }
}

fn traced(mut config: Config) -> Config {
    config.log_level = Level::Trace;
    config.answer_message = Answer::OnCompletion;
    config
}

#[test]
fn a_session_tells_no_secret() {
    let world = World::new();
    let mut ear = Ear::default();
    world.control("apps", json!({ "clientId": "ding-marked", "clientSecret": "planted-client-secret" }));
    let mut config = traced(world.config());
    config.client_id = "ding-marked".to_owned();

    config.client_secret = "planted-wrong-secret".into();
    ear.hear(&config);
    let refused = Client::new(config.clone()).expect("valid");
    ear.outcome(&refused.start());
    ear.state(refused.queue(), "stopped");

    config.client_secret = "planted-client-secret".into();
    config.backoff_max_ms = Duration::from_millis(1);
    world.control("break", json!({ "what": "open", "status": 500, "body": "{\"planted\":", "times": 1 }));
    world.control("break", json!({ "what": "open", "html": true, "times": 1 }));
    let body = json!({ "endpoint": "http://h/planted-path", "ticket": "planted-ticket" });
    world.control("break", json!({ "what": "open", "status": 200, "body": body, "times": 1 }));
    world.control("break", json!({ "what": "upgrade", "status": 401, "body": "planted-body", "times": 1 }));
    let client = world.connected(config);
    ear.hear(&client);
    let queue = client.queue().clone();

    let marked = |request: Value| {
        let mut request = request;
        request["clientId"] = "ding-marked".into();
        world.push(request)
    };
    marked(json!({ "kind": "frame", "text": "{\"planted\": broken" }));
    marked(json!({ "kind": "frame", "text": "[\"planted\"]", "binary": true }));
    let mut unknown = json!({ "kind": "callback", "topic": "/v1.0/unknown", "data": "planted" });
    unknown["connection"] = world.connection();
    marked(unknown);

    marked(json!({ "kind": "message", "text": "planted-incoming-text" }));
    let delivery = ear.next(&queue);
    let webhook = delivery.data().text("/sessionWebhook").expect("a webhook").into_owned();
    ear.secrets.push(webhook.split_once("session=").expect("a session").1.to_owned());
    let reply = Message::markdown("planted-title", "planted-reply-text").at_user("planted-user");
    ear.hear(&reply);
    ear.outcome(&delivery.reply(reply.clone()));
    world.control("break", json!({ "what": "webhook", "errcode": 310000, "errmsg": "sign not match", "times": 1 }));
    ear.outcome(&delivery.reply(reply.clone()));
    world.control("break", json!({ "what": "webhook", "errcode": 300001, "times": 1 }));
    ear.outcome(&delivery.reply_via(Via::Session, reply.clone()));
    world.control("break", json!({ "what": "webhook", "status": 502, "body": "<html>planted", "times": 1 }));
    drop(delivery.reply(reply.clone()));
    ear.drain(&queue, |item| matches!(item, Item::Log { record, .. } if record.message.contains("nobody looked")));
    ear.outcome(&delivery.reply(Message::text("")));
    // So late that it is still under way.
    world.control("break", json!({ "what": "webhook", "delayMs": 60_000, "times": 1 }));
    let cancelled = delivery.reply(reply.clone());
    cancelled.cancel();
    ear.outcome(&cancelled);
    delivery.reply(reply.clone()).to_queue(&queue, 7);
    ear.drain(&queue, |item| matches!(item, Item::Done { .. }));
    delivery.ok(json!({ "planted": 1 })).expect("settled");
    ear.error(&delivery.ok(json!("planted-response")).expect_err("settled before"));

    for url in ["http://127.0.0.1:1/robot?session=planted", "http://[planted", "ftp://planted", "https://planted:x/"] {
        marked(json!({ "kind": "message", "text": "hi", "data": { "sessionWebhook": url } }));
        let reply = ear.next(&queue).reply_via(Via::Session, reply.clone());
        ear.outcome(&reply);
    }

    marked(json!({ "kind": "event", "eventType": "user_add_org", "data": { "planted": [1] } }));
    drop(ear.next(&queue));
    marked(json!({ "kind": "card", "actionIds": ["planted-action"] }));
    let card = ear.next(&queue);
    ear.outcome(&card.reply(reply));
    world.control("break", json!({ "what": "drop" }));
    ear.state(&queue, "waiting");
    card.ok(json!({ "planted": 1 })).expect("settled, too late");
    ear.state(&queue, "open");
    drop(client.stop(DEADLINE).wait(Some(DEADLINE)));
    ear.state(&queue, "stopped");
    ear.check(&[
        "refused the credential",
        "the endpoint's answer is not JSON",
        "no ws or wss URL",
        "refused the upgrade",
        "a frame was skipped",
        "sign not match",
        "the session webhook is gone",
        "HTTP 502",
        "content of the text message is empty",
        "was cancelled",
        "settled before",
        "127.0.0.1 can't be reached",
        "is not valid",
        "without a session webhook",
        "dropped unsettled",
        "can't be replied to",
        "the connection was lost",
        "after its connection had gone",
    ]);
}

#[test]
fn a_misbehaving_server_makes_nobody_tell_its_ticket() {
    for (habit, told) in [
        (Habit::Garbled, "a frame was skipped"),
        (Habit::SilentUpgrade, "did not shake hands"),
        (Habit::Closes, "the connection was lost"),
        (Habit::Disconnects, "asked for another connection"),
    ] {
        let rogue = Rogue::new(habit);
        let mut ear = Ear::default();
        let client = Client::new(traced(rogue.config())).expect("valid");
        let start = client.start();
        let heard = |item: &Item| matches!(item, Item::Log { record, .. } if record.message.contains(told));
        ear.drain(client.queue(), heard);
        drop(client.stop(Duration::ZERO).wait(Some(DEADLINE)));
        ear.outcome(&start);
        ear.state(client.queue(), "stopped");
        ear.check(&[told]);
    }
}

#[test]
fn what_is_shown_for_debugging_holds_no_secret() {
    let mut ear = Ear::default();
    for text in [r#"{"client_secret":7,"planted"#, r#"{"client_secret":["planted"]}"#, r#""planted""#] {
        ear.error(&Config::from_json(text).expect_err("refused"));
    }
    for text in [r#"{"type":"text","content":["planted"]}"#, r#"{"type":"text","content":"planted"#, r#""planted""#] {
        ear.error(&Message::from_json(text).expect_err("refused"));
    }
    let mut config = Config::new("id", "planted-secret");
    ear.hear(&Client::new(config.clone()).expect("valid"));
    for endpoint in ["ftp://user:planted@h", "http://planted:port", "planted"] {
        config.endpoint = endpoint.to_owned();
        ear.error(&Client::new(config.clone()).expect_err("refused"));
    }
    let secret = Secret::from("planted-secret");
    ear.told.push(secret.to_string());
    ear.hear(&(secret, Json::new("planted"), Message::text("planted"), Message::markdown("planted", "planted")));
    ear.hear(&Frame::decode(r#"{"headers":{"x":"planted"},"data":"planted"}"#));
    ear.hear(&Frame::decode(r#"["planted"]"#));

    let world = World::new();
    let client = world.connected(world.config());
    for request in
        [json!({ "kind": "message", "text": "planted" }), json!({ "kind": "card", "actionIds": ["planted"] })]
    {
        world.push(request);
        let delivery = std::sync::Arc::new(ear.next(client.queue()));
        ear.hear(&(delivery.data(), delivery.headers()));
        ear.hear(&(BotMessage::from(delivery.clone()), CardAction::from(delivery.clone())));
        ear.hear(&(Event::from(delivery.clone()), StateChange::from(delivery)));
    }
    ear.hear(&Later("busy".to_owned()));
    ear.check(&["***", "Message(markdown)"]);
}
