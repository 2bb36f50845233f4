//! The crate `dingtalk-stream`, 0.1.7. Not here: R-10 (a version that it tells wrongly, two TLS libraries), and of R-8
//! the tokens in upload addresses, which come with the OpenAPI part.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{BotMessage, Client, ErrorKind, Event, Level, Message, State};
use serde_json::{Value, json};

use crate::support::{DEADLINE, InTime, Running, World, all_told, gated, message, next, state, wait_for};

/// The time of an event is a text on the wire and a number in the crate: no event is ever handled.
#[test]
fn r1_an_event_with_text_times_is_handled() {
    let world = World::new();
    let client = world.connected(world.config());
    for time in [json!("1690362102194"), json!(1_690_362_102_194_u64)] {
        let headers = json!({ "eventBornTime": time, "time": time });
        let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org", "headers": headers }));
        let event = Event::from(Arc::new(next(client.queue())));
        assert_eq!(event.born_time(), Some(1_690_362_102_194));
        event.ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["data"], r#"{"status":"SUCCESS","message":"success"}"#);
    }
}

/// Handlers run where frames are read: a ping and a click wait until the message before them is handled.
#[test]
fn r2_a_slow_message_delays_no_ping_and_no_click() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_card(|_| async { json!({ "a": 1 }) }).expect("before the start");
    let _gate = gated(&client);
    let running = Running::new(client);
    world.push(json!({ "kind": "message", "conversationId": "cid=" }));
    wait_for("the handler", || running.client.stats().in_flight == 1);
    world.ping();
    let click = world.push(json!({ "kind": "card", "conversationId": "cid=" }));
    assert_eq!(world.answer(&click)["data"], r#"{"response":{"a":1}}"#);
    assert_eq!(running.client.stats().in_flight, 1, "the message is still at work");
}

/// A panic in a handler ends the client.
#[test]
fn r3_a_panic_in_a_handler_ends_that_handler_alone() {
    let world = World::new();
    let mut config = world.bare_config();
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let handler = |message: BotMessage| async move {
        tokio::task::yield_now().await;
        assert_ne!(message.text().as_deref(), Some("panic"), "a bug of the application");
    };
    client.on_message(handler).expect("before the start");
    let running = Running::new(client);
    for (text, code) in [("panic", 500), ("fine", 200), ("panic", 500), ("fine", 200)] {
        assert_eq!(world.answer(&world.push(message(text)))["code"], code);
    }
    assert_eq!(running.client.stats().opened, 1);
    running.stop();
}

/// There is no stop, and a lost connection is waited for in fixed pauses that nothing ends.
#[test]
fn r4_a_stop_ends_a_pause_at_once() {
    let world = World::new();
    let mut config = world.config();
    config.backoff_max_ms = Duration::from_secs(24 * 3600);
    let client = world.connected(config);
    world.breaks("open", json!({ "status": 401 }));
    world.breaks("drop", json!({}));
    let pauses = std::iter::repeat_with(|| state(client.queue(), "waiting").data().int("/retry_in_ms"));
    assert!(pauses.take(2).last().flatten().is_some_and(|pause| pause > 3_600_000), "a pause of hours");
    client.stop(DEADLINE).in_time().expect("stopped");
    assert_eq!(client.state(), State::Stopped);
}

/// A response can only be a text, so that no card is ever updated.
#[test]
fn r5_a_response_can_be_any_json() {
    let world = World::new();
    let client = world.connected(world.config());
    for response in [
        json!({ "cardData": { "cardParamMap": { "a": "b\n\"中" } }, "userPrivateData": null }),
        json!("a text"),
        json!([1, 2.5, true]),
        json!(7),
    ] {
        let pushed = world.push(json!({ "kind": "card" }));
        next(client.queue()).ok(response.clone()).expect("settled");
        assert_eq!(world.answer(&pushed)["data"], json!({ "response": response }).to_string());
    }
}

/// A number for a text, a null or a gap makes a frame or a message unreadable.
#[test]
fn r6_numbers_nulls_and_gaps_reject_nothing() {
    let world = World::new();
    let client = world.connected(world.config());
    for push in [
        json!({ "headers": { "time": 7, "appId": null, "connectionId": null } }),
        json!({ "data": { "senderNick": null, "createAt": "1690362102194", "conversationType": 1 } }),
        json!({ "msgtype": "video", "data": { "content": { "duration": "4000" } } }),
        json!({ "msgtype": "audio", "data": { "content": { "duration": 4000.0, "recognition": null } } }),
        json!({ "msgtype": "richText", "data": { "content": { "richText": [{}, 7, null] } } }),
        json!({ "frame": { "specVersion": null, "new": [1] } }),
        json!({ "frame": { "data": null } }),
        json!({ "frame": { "data": { "text": { "content": "an object" } } } }),
    ] {
        let mut push = push;
        push["kind"] = "message".into();
        let pushed = world.push(push.clone());
        let delivery = next(client.queue());
        assert_eq!(delivery.id(), pushed["messageId"], "{push}");
        if let Some(duration) = push.pointer("/data/content/duration") {
            assert_eq!(delivery.data().int("/content/duration"), Some(4000), "{duration}");
        }
        delivery.ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["code"], 200, "{push}");
    }
    let null = world.push(json!({ "kind": "system", "topic": "ping", "frame": { "data": null } }));
    let id = null["messageId"].as_str().expect("pushed");
    assert_eq!(world.records(&format!("ping&messageId={id}"), 1)[0]["data"], "{}");
}

/// An unknown topic is not answered.
#[test]
fn r7_an_unknown_topic_and_an_unknown_type_are_answered_404() {
    let world = World::new();
    let client = world.connected(world.config());
    for push in [
        json!({ "kind": "callback", "topic": "/v1.0/unknown" }),
        json!({ "kind": "message", "frame": { "type": "NEWS" } }),
    ] {
        let mut push = push;
        push["connection"] = world.connection();
        let answer = world.answer(&world.push(push));
        assert_eq!((&answer["code"], &answer["message"]), (&json!(404), &json!("topic not found")));
    }
    assert_eq!(client.stats().unhandled, 2);
}

/// An error of a reply holds the whole address, and with it the key of the session.
#[test]
fn r8_an_error_of_a_reply_names_no_session() {
    let world = World::new();
    let mut config = world.config();
    config.log_level = Level::Trace;
    let client = world.connected(config);
    for webhook in ["http://127.0.0.1:1/robot?session=planted", "http://[planted", "https://planted:x/"] {
        world.push(json!({ "kind": "message", "data": { "sessionWebhook": webhook } }));
        let delivery = next(client.queue());
        let error = delivery.reply(Message::text("planted")).in_time().expect_err("nobody there");
        let shown = format!("{error} {error:?} {} {}", error.to_json(), error.advice());
        assert!(!shown.contains("planted"), "{shown}");
        drop(delivery.reply(Message::text("planted")));
    }
    wait_for("the replies", || client.stats().calls_in_flight == 0);
    client.stop(DEADLINE).in_time().expect("stopped");
    let all = all_told(client.queue()).join("\n");
    assert!(all.contains("nobody looked at the error of reply") && !all.contains("planted"), "{all}");
}

/// Blocking code runs where the connection is served.
#[test]
fn r9_a_handler_that_blocks_its_thread_does_not_block_the_connection() {
    let world = World::new();
    let mut config = world.bare_config();
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let (release, gate) = channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let handler = move |_: BotMessage| {
        let gate = Arc::clone(&gate);
        async move {
            let _ = gate.lock().map(|gate| gate.recv());
        }
    };
    client.on_message(handler).expect("before the start");
    let running = Running::new(client);
    let pushed = world.push(message("block"));
    wait_for("the handler", || running.client.stats().in_flight == 1);
    world.ping();
    world.breaks("disconnect", json!({}));
    world.records("connect", 2);
    world.ping();
    drop(release);
    assert_eq!(world.answer(&pushed)["code"], 200);
}

/// A trouble with TLS is a panic.
#[test]
fn r9_an_authority_that_can_not_be_read_is_an_error() {
    let world = World::new();
    let mut config = world.config();
    config.ca_file = "/nowhere/authority.pem".to_owned();
    let error = Client::new(config).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Config);
}
