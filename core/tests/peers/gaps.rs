//! What none of the others does, as far as it belongs to connections, deliveries and replies. Tested
//! elsewhere: business codes in HTTP 200 (p8), a stop after a definitive refusal (n12), known by business id (p19),
//! secrets (n9, g8, j12, r8). With the OpenAPI part: persistence, proactive sending, the limits of its calls.

use std::sync::mpsc::channel;
use std::time::Duration;

use dingstream::{Client, ErrorKind, Message};
use serde_json::{Value, json};

use crate::support::{DEADLINE, InTime, Running, World, message, next};

/// Nobody tells the application that its connection changed.
#[test]
fn gap_the_application_hears_of_its_connection() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_message(|_| async {}).expect("before the start");
    let (heard, states) = channel();
    let handler = move |change: dingstream::StateChange| {
        let _ = heard.send((change.state().map(|state| state.into_owned()), change.retry_in_ms()));
        async {}
    };
    client.on_state(handler).expect("before the start");
    let running = Running::new(client);
    world.breaks("drop", json!({}));
    world.records("connect", 2);
    for (name, pause) in
        [("connecting", None), ("open", None), ("waiting", Some(0)), ("connecting", None), ("open", None)]
    {
        assert_eq!(states.recv_timeout(DEADLINE), Ok((Some(name.to_owned()), pause)));
    }
    running.stop();
}

/// Nobody counts.
#[test]
fn gap_everything_is_counted() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    world.answer(&pushed);
    let metrics = client.metrics();
    for counted in ["opened", "messages", "ok", "answers"] {
        let line = format!("dingstream_{counted}_total{{client_id=\"ding-demo\"}} 1\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
}

/// Events are handled by topic, which is the same for all: each application tells them apart by hand.
#[test]
fn gap_events_find_the_handler_of_their_type() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    let (heard, handled) = channel();
    let others = heard.clone();
    let one = move |event: dingstream::Event| {
        let _ = heard.send(("one", event.event_type().map(|name| name.into_owned())));
        async {}
    };
    let rest = move |event: dingstream::Event| {
        let _ = others.send(("rest", event.event_type().map(|name| name.into_owned())));
        async {}
    };
    client.on_event_type("user_add_org", one).expect("before the start");
    client.on_event(rest).expect("before the start");
    let _running = Running::new(client);
    for (kind, handler) in [("user_add_org", "one"), ("user_leave_org", "rest")] {
        world.push(json!({ "kind": "event", "eventType": kind }));
        assert_eq!(handled.recv_timeout(DEADLINE), Ok((handler, Some(kind.to_owned()))));
    }
}

/// DingTalk waits two seconds for the answer to a click, and nobody watches them go by.
#[test]
fn gap_a_click_is_answered_in_time_although_its_handler_is_not_done() {
    let world = World::new();
    let mut config = world.config();
    config.answer_within_card_ms = Duration::from_millis(50);
    let client = world.connected(config);
    let pushed = world.push(json!({ "kind": "card" }));
    let held = next(client.queue());
    let answer = world.answer(&pushed);
    assert_eq!((&answer["code"], &answer["data"]), (&json!(200), &json!(r#"{"response":{}}"#)));
    assert_eq!(held.ok(json!({ "a": 1 })).expect_err("too late").kind(), ErrorKind::Expired);
    world.ping();
    assert_eq!(world.records("answer", 1).len(), 1, "it was answered once");
}

/// Nobody looks until when a session webhook is good, and nobody has another way.
#[test]
fn gap_an_expired_webhook_is_not_asked() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "message", "data": { "sessionWebhookExpiredTime": 1 } }));
    let told = next(client.queue()).reply(Message::text("x")).in_time().expect("sent by OpenAPI");
    assert_eq!(told.text("/via").as_deref(), Some("openapi"));
    assert!(world.records("reply", 0).is_empty());
}

/// A refusal because there were too many calls is like any other.
#[test]
fn gap_a_limit_is_told_apart_and_counted() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    world.breaks("webhook", json!({ "errcode": 130_101, "errmsg": "send too fast", "times": 1 }));
    let error = delivery.reply(Message::text("x")).in_time().expect_err("throttled");
    assert_eq!((error.kind(), client.stats().throttled), (ErrorKind::Throttled, 1));
}
