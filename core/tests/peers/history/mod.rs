//! What the others had to fix: the commit's name stands in the test's. Tested elsewhere: the storm that
//! ac73794 and 784fa43 ended (n11, storm.rs), 2f26d3a's cancelled handlers (p2), dce35a6's storms (storm.rs). Not here:
//! JV 5a16529's timers, which are a trap of the language.

mod go;
mod java;

use std::sync::mpsc::channel;
use std::time::Duration;

use dingstream::Client;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};

use crate::support::server::{Server, bot_message, disconnect};
use crate::support::{DEADLINE, InTime, Running, World, message, next, state, wait_for};

/// Python: a connection that was asked to disconnect was closed twice.
#[test]
fn py_f3e6c87_a_disconnect_that_comes_twice_is_one() {
    let (heard, ended) = channel();
    let server = Server::of_sockets(move |mut socket, number| {
        let heard = heard.clone();
        async move {
            if number > 1 {
                let _ = socket.send(bot_message("m", "on the second")).await;
                while let Some(Ok(_)) = socket.next().await {}
                return;
            }
            for _ in 0..3 {
                let _ = socket.send(disconnect()).await;
            }
            let _ = socket.close(None).await;
            let mut closes = 0;
            while let Some(Ok(packet)) = socket.next().await {
                closes += usize::from(packet.is_close());
            }
            let _ = heard.send(closes);
        }
    });
    let client = Client::new(server.config()).expect("valid");
    client.start().in_time().expect("connected");
    assert_eq!(ended.recv_timeout(DEADLINE), Ok(1), "one goodbye");
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!((server.opens(), client.stats().rotated, client.stats().lost), (2, 1, 0));
}

/// Python: waiting for the next try slept in the loop, and everything else with it.
#[test]
fn py_79e56e6_a_client_that_waits_holds_up_no_other() {
    let (waits, works) = (World::new(), World::new());
    waits.breaks("open", json!({ "status": 503 }));
    let mut config = waits.config();
    config.backoff_max_ms = Duration::from_secs(3600);
    let waiting = Client::new(config).expect("valid");
    drop(waiting.start());
    state(waiting.queue(), "waiting");
    let client = works.connected(works.config());
    let pushed = works.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(works.answer(&pushed)["code"], 200);
}

/// Python: a card's answer without `response` around it updated no card.
#[test]
fn py_21c654b_a_card_is_answered_with_a_response() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(json!({ "kind": "card" }));
    next(client.queue()).ok(json!({ "cardData": {} })).expect("settled");
    assert_eq!(world.answer(&pushed)["data"], r#"{"response":{"cardData":{}}}"#);
}

/// Python: a handler without a value was answered with a variable that was never set.
#[test]
fn py_a87c910_a_handler_without_a_value_is_answered() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_card(|_| async {}).expect("before the start");
    client.on("/v1.0/x", |_| async { Ok::<_, String>(Value::Null) }).expect("before the start");
    let _running = Running::new(client);
    for push in [json!({ "kind": "card" }), json!({ "kind": "callback", "topic": "/v1.0/x" })] {
        let answer = world.answer(&world.push(push));
        assert_eq!((&answer["code"], &answer["data"]), (&json!(200), &json!(r#"{"response":{}}"#)));
    }
}

/// Python: what came again while it was handled was handled again.
#[test]
fn py_9efbbf3_what_comes_again_while_it_is_handled_shares_the_answer() {
    let world = World::new();
    let client = world.connected(world.config());
    let event = json!({ "kind": "event", "eventType": "x", "eventId": "e-1" });
    let first = world.push(event.clone());
    let held = next(client.queue());
    let again = world.push(event);
    wait_for("the second one", || client.stats().duplicates == 1);
    held.fail("why").expect("settled");
    for pushed in [&first, &again] {
        let answer = world.answer(pushed);
        assert_eq!((&answer["code"], &answer["data"]), (&json!(500), &json!(r#"{"status":"LATER","message":"why"}"#)));
    }
    world.push(json!({ "kind": "event", "eventType": "x", "eventId": "e-2" }));
    let other = next(client.queue());
    assert_eq!(other.headers().text("/eventId").as_deref(), Some("e-2"), "the application was called once");
    other.ok(Value::Null).expect("settled");
}

/// Node: after an error of TLS it stayed disconnected.
#[test]
fn nd_9a8d0f9_a_tls_error_is_followed_by_another_try() {
    let world = World::new();
    let mut config = world.config();
    config.endpoint = config.endpoint.replacen("http:", "https:", 1);
    config.backoff_max_ms = Duration::from_millis(1);
    let client = Client::new(config).expect("valid");
    drop(client.start());
    for attempt in 1..=3 {
        let failed = state(client.queue(), "waiting");
        assert_eq!(failed.data().text("/error/kind").as_deref(), Some("tls"));
        assert_eq!(failed.data().int("/attempt"), Some(attempt));
    }
}
