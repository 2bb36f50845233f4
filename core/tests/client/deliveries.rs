//! What arrives, and how it is settled.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::{DEADLINE, InTime, World, item, message, next};
use dingstream::config::Answer;
use dingstream::{Client, ErrorKind, Item, Kind, Level, Message, Queue};
use serde_json::{Value, json};

#[test]
fn a_message_is_answered_on_receipt_by_default() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(message("hi"));
    assert_eq!(world.answer(&pushed)["data"], r#"{"response":null}"#);
    let delivery = next(client.queue());
    assert_eq!(delivery.id(), pushed["messageId"].as_str().expect("an id"));
    delivery.fail("too late to matter").expect("settled once");
    assert_eq!(world.records("answer", 1).len(), 1, "it was answered once");
}

#[test]
fn a_delivery_is_settled_once() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org" }));
    let delivery = next(client.queue());
    assert_eq!(delivery.kind(), Kind::Event);
    delivery.ok(Value::Null).expect("the first settling");
    assert_eq!(delivery.later("again").expect_err("the second").kind(), ErrorKind::Answered);
    assert_eq!(world.answer(&pushed)["data"], r#"{"status":"SUCCESS","message":"success"}"#);
    assert!(delivery.data().is_valid(), "its text stays readable");
}

#[test]
fn a_delivery_that_is_dropped_unsettled_is_declined() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org" }));
    drop(next(client.queue()));
    let answer = world.answer(&pushed);
    assert_eq!((&answer["code"], &answer["data"]), (&json!(500), &json!(r#"{"status":"LATER","message":"declined"}"#)));
}

#[test]
fn a_full_inbox_refuses_by_kind_and_tells_once() {
    let world = World::new();
    let mut config = world.config();
    config.inbox_count = 1;
    config.answer_message = Answer::OnCompletion;
    let client = world.connected(config);
    let held = world.push(message("held"));
    let kept = next(client.queue());
    let refused = world.answer(&world.push(message("refused")));
    assert_eq!((&refused["code"], &refused["data"]), (&json!(500), &json!(r#"{"response":null}"#)));
    let later = world.answer(&world.push(json!({ "kind": "event", "eventType": "user_add_org" })));
    assert_eq!(
        (&later["code"], &later["data"]),
        (&json!(200), &json!(r#"{"status":"LATER","message":"the inbox is full"}"#))
    );
    let told = item(client.queue(), Instant::now() + DEADLINE);
    assert!(
        matches!(told, Item::Log { record, .. } if record.level == Level::Warn && record.message.contains("inbox is full"))
    );
    kept.ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&held)["code"], 200);
    let room = world.push(message("room again"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&room)["code"], 200);
}

#[test]
fn a_function_takes_deliveries_on_a_thread_that_is_not_the_network() {
    let world = World::new();
    let client = Client::new(world.config()).expect("valid");
    let (heard, deliveries) = channel();
    client
        .on_delivery(move |delivery| {
            let thread = std::thread::current().name().map(str::to_owned);
            drop(heard.send((thread, delivery)));
        })
        .expect("before the start");
    client.start().in_time().expect("connected");
    world.push(message("hi"));
    let (thread, delivery) =
        deliveries.iter().find(|(_, delivery)| delivery.kind() == Kind::Message).expect("the message comes");
    assert_eq!(thread.as_deref(), Some("dingstream-dispatch"));
    delivery.ok(Value::Null).expect("settled");
    let late = client.on_delivery(drop).expect_err("after the start");
    assert_eq!(late.kind(), ErrorKind::Config);
}

#[test]
fn one_queue_serves_several_clients() {
    let world = World::new();
    world.control("apps", json!({ "clientId": "ding-second", "clientSecret": "second-secret" }));
    let queue = Queue::new();
    let mut second = world.config();
    (second.client_id, second.client_secret) = ("ding-second".to_owned(), "second-secret".into());
    let clients: Vec<_> = [(world.config(), 7), (second, 8)]
        .into_iter()
        .map(|(config, source)| {
            let client = Client::with_queue(config, &queue, source).expect("valid");
            client.start().in_time().expect("connected");
            client
        })
        .collect();
    for (app, source) in [("ding-second", 8), ("ding-demo", 7)] {
        let mut push = message("hi");
        push["clientId"] = app.into();
        world.push(push);
        let delivery = next(&queue);
        assert_eq!(delivery.source(), source);
        delivery.ok(Value::Null).expect("settled");
    }
    drop(clients);
}

#[test]
fn a_reply_arrives_and_says_which_way_it_took() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    let reply = delivery.reply(Message::markdown("echo", "**hi**").at_all());
    let outcome = reply.in_time().expect("accepted");
    assert_eq!(outcome.text("/via").as_deref(), Some("session"));
    let sent = &world.records("reply", 1)[0]["body"];
    assert_eq!(sent["markdown"], json!({ "title": "echo", "text": "**hi**" }));
    assert_eq!(sent["at"]["isAtAll"], true);
}

#[test]
fn a_refused_reply_names_its_business_code_and_no_secret() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    world.control(
        "break",
        json!({ "what": "webhook", "errcode": 310000, "errmsg": "keywords not in content", "times": 1 }),
    );
    let outcome = delivery.reply(Message::text("planted-text")).in_time();
    let error = outcome.expect_err("refused");
    assert_eq!((error.kind(), error.platform_code(), error.stage()), (ErrorKind::Rejected, "310000", "call:reply"));
    let webhook = delivery.data().text("/sessionWebhook").expect("a webhook").into_owned();
    let session = webhook.split_once("session=").expect("a session").1.to_owned();
    let told = format!("{error} {error:?} {}", error.to_json());
    assert!(!told.contains(&session) && !told.contains("planted"));
}

#[test]
fn an_error_that_nobody_looks_at_is_logged() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "card", "actionIds": ["a"] }));
    let card = next(client.queue());
    drop(card.reply(Message::text("not possible")));
    let until = Instant::now() + DEADLINE;
    let told = std::iter::repeat_with(|| item(client.queue(), until))
        .find_map(|item| match item {
            Item::Log { record, .. } => Some(record.message),
            _ => None,
        })
        .expect("a record");
    assert!(told.contains("nobody looked at the error of reply"), "{told}");
    card.ok(Value::Null).expect("settled");
}

#[test]
fn a_cancelled_call_says_so() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    let reply = delivery.reply(Message::text("x"));
    reply.cancel();
    match reply.wait(Some(Duration::from_secs(5))).expect("waiting").expect("over") {
        Err(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
        Ok(_) => assert_eq!(world.records("reply", 1).len(), 1, "the reply had won the race"),
    }
}

#[test]
fn a_finished_call_comes_to_the_queue_with_its_tag() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    delivery.reply(Message::text("x")).to_queue(client.queue(), 42);
    let until = Instant::now() + DEADLINE;
    let done = std::iter::repeat_with(|| item(client.queue(), until))
        .find_map(|item| match item {
            Item::Done { tag, outcome } => Some((tag, outcome.is_ok())),
            _ => None,
        })
        .expect("the call ends");
    assert_eq!(done, (42, true));
}
