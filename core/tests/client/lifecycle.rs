//! Start, stop, and what lies between.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::server::Server;
use crate::support::{DEADLINE, InTime, World, item, message, next, states_until};
use dingstream::config::Answer;
use dingstream::{Client, Config, ErrorKind, Item, Kind, State};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

const PATIENCE: Duration = Duration::from_secs(5);

/// How long a client listens after its goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

fn stop(client: &Client, patience: Duration) {
    client.stop(patience).in_time().expect("stopped");
}

#[test]
fn states_are_told_in_order_and_stopped_is_the_last() {
    let world = World::new();
    let client = world.connected(world.config());
    stop(&client, PATIENCE);
    assert_eq!(states_until(client.queue(), "stopped"), ["connecting", "open", "stopping", "stopped"]);
    assert_eq!(client.state(), State::Stopped);
}

#[test]
fn a_wrong_secret_fails_the_start_and_stops_the_client() {
    let world = World::new();
    let mut config = world.config();
    config.client_secret = "planted-wrong-secret".into();
    let client = Client::new(config).expect("valid");
    let error = client.start().in_time().expect_err("refused");
    assert_eq!((error.kind(), error.stage(), error.http_status()), (ErrorKind::Auth, "open", 401));
    assert!(error.to_string().contains("check clientId and clientSecret"));
    assert_eq!(states_until(client.queue(), "stopped").last().map(String::as_str), Some("stopped"));
    assert_eq!(world.records("open", 1).len(), 1, "it was not tried again");
}

#[test]
fn started_twice_is_started_once_and_a_stopped_client_starts_again() {
    let world = World::new();
    let client = world.connected(world.config());
    client.start().in_time().expect("already connected");
    assert_eq!(world.records("open", 1).len(), 1);
    stop(&client, PATIENCE);
    stop(&client, PATIENCE);
    client.start().in_time().expect("connected again");
    let pushed = world.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

#[test]
fn a_start_during_a_stop_begins_after_it() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = Answer::OnCompletion;
    let client = world.connected(config);
    world.push(message("held"));
    let held = next(client.queue());
    let stopping = client.stop(DEADLINE);
    let starting = client.start();
    assert!(starting.wait(Some(Duration::ZERO)).expect("waiting").is_none(), "the old run still owes an answer");
    held.ok(Value::Null).expect("settled");
    stopping.in_time().expect("stopped");
    starting.in_time().expect("connected again");
}

#[test]
fn a_stop_waits_for_what_is_owed_and_for_replies() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    let stopping = client.stop(DEADLINE);
    assert_eq!(states_until(client.queue(), "stopping").last().map(String::as_str), Some("stopping"));
    let reply = delivery.reply(dingstream::Message::text("still here"));
    delivery.ok(Value::Null).expect("settled");
    stopping.in_time().expect("stopped");
    reply.wait(Some(Duration::ZERO)).expect("waiting").expect("over before the stop was").expect("accepted");
}

#[test]
fn a_deadline_ends_the_stop_and_refuses_what_nobody_took() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = Answer::OnCompletion;
    let client = world.connected(config);
    states_until(client.queue(), "open");
    let (heard, arrived) = channel();
    client.queue().on_wake(Some(Arc::new(move || {
        let _ = heard.send(());
    })));
    let waiting = world.push(message("nobody takes it"));
    arrived.recv_timeout(DEADLINE).expect("it waits in the queue");
    let until = Instant::now() + DEADLINE;
    stop(&client, Duration::from_millis(100));
    assert!(Instant::now() < until);
    assert_eq!(world.answer(&waiting)["code"], 500);
}

#[test]
fn a_client_can_be_stopped_before_it_is_connected() {
    let world = World::new();
    world.control("break", json!({ "what": "open", "status": 503, "body": "<html>busy", "times": 100 }));
    let client = Client::new(world.config()).expect("valid");
    let starting = client.start();
    world.records("open", 1);
    stop(&client, PATIENCE);
    let error = starting.in_time().expect_err("never connected");
    assert_eq!(error.kind(), ErrorKind::Closed);
}

#[test]
fn a_client_that_was_never_started_can_be_stopped() {
    stop(&Client::new(Config::new("id", "secret")).expect("valid"), PATIENCE);
}

#[test]
fn a_client_that_subscribes_nothing_can_not_start() {
    let client = Client::new(Config::new("id", "secret")).expect("valid");
    let error = client.start().wait(Some(DEADLINE)).expect("waiting").expect("over").expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[test]
fn a_callback_that_waits_for_its_own_stop_is_told() {
    let world = World::new();
    let client = Client::new(world.config()).expect("valid");
    let (heard, results) = channel();
    let own = client.clone();
    client
        .on_delivery(move |delivery| {
            if delivery.kind() == Kind::Message {
                let stopping = own.stop(PATIENCE);
                let refusal = stopping.wait(Some(DEADLINE)).expect_err("refused");
                let _ = heard.send(refusal.kind());
                delivery.ok(Value::Null).expect("settled");
            }
        })
        .expect("before the start");
    client.start().in_time().expect("connected");
    world.push(message("stop"));
    assert_eq!(results.recv_timeout(DEADLINE), Ok(ErrorKind::Reentrant));
    stop(&client, PATIENCE);
}

#[test]
fn a_delivery_outlives_its_client() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    drop(client);
    assert_eq!(delivery.data().text("/text/content").as_deref(), Some("hi"));
    delivery.ok(Value::Null).expect("settled");
}

#[test]
fn a_drop_is_followed_by_a_new_connection() {
    let world = World::new();
    let client = world.connected(world.config());
    world.control("break", json!({ "what": "drop" }));
    world.records("connect", 2);
    let pushed = world.push(message("after"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

#[test]
fn a_handshake_that_is_no_tls_is_told_as_a_tls_error() {
    let world = World::new();
    let mut config = world.config();
    config.endpoint = config.endpoint.replacen("http:", "https:", 1);
    let client = Client::new(config).expect("valid");
    let _start = client.start();
    let until = Instant::now() + DEADLINE;
    let waiting = std::iter::repeat_with(|| item(client.queue(), until))
        .find_map(|item| match item {
            Item::Delivery(delivery) if delivery.topic() == "waiting" => Some(delivery),
            _ => None,
        })
        .expect("the states are told");
    assert_eq!(waiting.data().text("/error/kind").as_deref(), Some("tls"));
}

#[test]
fn a_message_that_was_under_way_at_the_goodbye_is_handled() {
    let server = Server::of_sockets(|mut socket, _| async move {
        while let Some(Ok(packet)) = socket.next().await {
            if packet.is_close() {
                // By hand: behind a close frame, the library sends nothing.
                let text =
                    json!({ "type": "CALLBACK", "headers": { "topic": "/v1.0/im/bot/messages/get" }, "data": "{}" });
                let text = text.to_string();
                let mut frame = vec![0x81, text.len() as u8];
                frame.extend_from_slice(text.as_bytes());
                let _ = socket.get_mut().write_all(&frame).await;
            }
        }
    });
    assert!((0..5).any(|_| is_heard_at_the_goodbye(&server)), "the machine stood still each time");
}

/// Whether the message came, which it does unless the server takes longer than it is listened to after the goodbye.
fn is_heard_at_the_goodbye(server: &Server) -> bool {
    let client = Client::new(server.config()).expect("valid");
    client.start().in_time().expect("connected");
    states_until(client.queue(), "open");
    let asked = Instant::now();
    let stop = client.stop(DEADLINE);
    let (mut is_heard, mut has_stopped) = (false, false);
    while !has_stopped {
        let Item::Delivery(delivery) = item(client.queue(), asked + DEADLINE) else { continue };
        has_stopped = delivery.topic() == "stopped";
        if delivery.kind() == Kind::Message {
            is_heard = true;
            delivery.ok(Value::Null).expect("settled");
        }
    }
    stop.in_time().expect("stopped");
    assert!(is_heard || asked.elapsed() >= GOODBYE, "nobody listened");
    is_heard
}
