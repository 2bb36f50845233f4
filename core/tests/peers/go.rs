//! The Go SDK, 0.9.2-beta.1. Not here: of G-12, a fixed version (p17), an unescaped ticket (n13) and a start that fails
//! at once (n12).

use std::sync::Arc;
use std::sync::atomic::Ordering as Atomic;
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{BotMessage, CardAction, Client, ErrorKind, Json, Kind, Later, Level, Message, Ordering};
use serde_json::{Value, json};

use crate::support::server::{SECRET, Server, TICKET, bot_message, disconnect};
use crate::support::{DEADLINE, InTime, Running, World, all_told, gated, message, next, state, wait_for};

/// With a hundred handlers at work, frames are dropped without an answer, bot messages for good.
#[test]
fn g1_at_capacity_nothing_is_dropped_without_an_answer() {
    let world = World::new();
    let mut config = world.bare_config();
    (config.inbox_count, config.ordering) = (8, Ordering::None);
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    client.on_event(|_| async {}).expect("before the start");
    let gate = gated(&client);
    let running = Running::new(client);
    let pushed = world.push(json!({ "kind": "message", "count": 20 }));
    world.records("answer&code=500", 12);
    let later = world.answer(&world.push(json!({ "kind": "event", "eventType": "user_add_org" })));
    assert!(later["code"] == 200 && later["data"].as_str().is_some_and(|data| data.contains("LATER")), "{later}");
    gate.close();
    let codes = pushed["pushed"].as_array().expect("many").iter().map(|one| world.answer(one)["code"].take());
    assert_eq!(codes.filter(|code| *code == 200).count(), 8, "what was let in is handled");
    assert_eq!((running.client.stats().refused, running.client.stats().ok), (13, 8));
}

/// A hundred handlers that never end stop the client for ever, while the connection looks healthy.
#[test]
fn g1_handlers_that_never_end_give_their_places_back() {
    let world = World::new();
    let mut config = world.config();
    (config.inbox_count, config.ordering) = (2, Ordering::None);
    config.answer_message = Answer::OnCompletion;
    config.handler_deadline_ms = Duration::from_secs(1);
    let client = world.connected(config);
    world.push(json!({ "kind": "message", "count": 2 }));
    let _never = (next(client.queue()), next(client.queue()));
    world.records("answer&code=500", 2);
    let pushed = world.push(message("after"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

/// On `disconnect` three seconds pass without a connection, and the handlers' contexts are cancelled.
#[test]
fn g2_old_and_new_connection_serve_side_by_side() {
    let world = World::new();
    let mut config = world.bare_config();
    (config.ordering, config.answer_message) = (Ordering::None, Answer::OnCompletion);
    let client = Client::new(config).expect("valid");
    let gate = gated(&client);
    let running = Running::new(client);
    let old = world.push(message("old"));
    world.breaks("disconnect", json!({}));
    world.records("connect", 2);
    let new = world.push(message("new"));
    let draining = world.push(json!({ "kind": "message", "connection": old["connection"] }));
    wait_for("three handlers", || running.client.stats().in_flight == 3);
    gate.close();
    assert_ne!(old["connection"], new["connection"]);
    for pushed in [&new, &draining, &old] {
        let answer = world.answer(pushed);
        assert_eq!((&answer["code"], &answer["connection"]), (&json!(200), &pushed["connection"]));
    }
}

/// A graph request can't be parsed at all, because its body is a text.
#[test]
fn g3_a_graph_request_is_read_with_its_body() {
    let world = World::new();
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("valid");
    let client = world.connected(config);
    world.push(json!({ "kind": "graph", "method": "POST", "uri": "/v1/a?b=c", "body": { "city": "杭州" } }));
    let graph = next(client.queue());
    assert_eq!(graph.kind(), Kind::Graph);
    assert_eq!(graph.data().text("/requestLine/uri").as_deref(), Some("/v1/a?b=c"));
    let body = graph.data().text("/body").expect("a body").into_owned();
    assert_eq!(Json::new(body).text("/city").as_deref(), Some("杭州"));
    graph.ok(Value::Null).expect("settled");
}

/// A plugin's 404 goes out as 200, and a handler that returns nothing is a nil dereference.
#[test]
fn g4_a_plugins_own_status_goes_out_and_nothing_is_a_response_too() {
    let world = World::new();
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("valid");
    let client = world.connected(config);
    let missing = json!({ "statusLine": { "code": 404, "reasonPhrase": "Not Found" } });
    for (response, data) in
        [(missing.clone(), json!({ "response": missing }).to_string()), (Value::Null, r#"{"response":{}}"#.to_owned())]
    {
        let pushed = world.push(json!({ "kind": "graph" }));
        next(client.queue()).ok(response).expect("settled");
        assert_eq!(world.answer(&pushed)["data"], data);
    }
}

/// A number in a header makes the frame unreadable: it is dropped without an answer.
#[test]
fn g5_a_number_in_a_header_loses_no_frame() {
    let world = World::new();
    let client = world.connected(world.config());
    let headers = json!({ "time": 1_690_362_102_194_u64, "new": null, "more": { "a": [true] } });
    let pushed = world.push(json!({ "kind": "message", "headers": headers }));
    let delivery = next(client.queue());
    assert_eq!(delivery.headers().int("/time"), Some(1_690_362_102_194));
    delivery.ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

/// An event is handled only under the very topic that was subscribed; others are answered 404.
#[test]
fn g6_an_event_is_handled_whatever_its_topic() {
    let world = World::new();
    let client = world.connected(world.config());
    for topic in ["*", "dingTalk", "user_add_org", ""] {
        // The simulator routes by topic, as DingTalk may not.
        let headers = json!({ "topic": topic });
        let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org", "headers": headers }));
        let event = next(client.queue());
        assert_eq!((event.kind(), event.topic()), (Kind::Event, topic));
        event.ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["code"], 200);
    }
}

/// A panic is not answered; "later" goes out as 500 by one helper and as 200 by the other.
#[test]
fn g7_a_panic_is_answered_and_later_has_one_code() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_event_type("later", |_| async { Later("busy".to_owned()) }).expect("before the start");
    let by_hand = |event: dingstream::Event| async move { event.later("busy") };
    client.on_event_type("by_hand", by_hand).expect("before the start");
    client.on_event_type("panic", |_| async { assert!(DEADLINE.is_zero(), "planted") }).expect("before the start");
    let _running = Running::new(client);
    let answer = |kind: &str| world.answer(&world.push(json!({ "kind": "event", "eventType": kind })));
    for kind in ["later", "by_hand"] {
        let later = answer(kind);
        assert_eq!((&later["code"], &later["data"]), (&json!(200), &json!(r#"{"status":"LATER","message":"busy"}"#)));
    }
    let panicked = answer("panic");
    let failed = json!(r#"{"status":"LATER","message":"the handler failed"}"#);
    assert_eq!((&panicked["code"], &panicked["data"]), (&json!(500), &failed), "and the panic is not told");
}

/// The log of the wire shows the secret, and the ticket even where nobody debugs.
#[test]
fn g8_the_finest_log_shows_neither_secret_nor_ticket() {
    use futures_util::SinkExt;
    let server = Server::of_sockets(|mut socket, _| async move {
        let _ = socket.send(bot_message("m", "planted-text")).await;
        let _ = socket.send(disconnect()).await;
        let _ = socket.close(None).await;
    });
    let mut config = server.config();
    config.log_level = Level::Trace;
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    wait_for("some connections", || client.stats().opened >= 3);
    client.stop(Duration::ZERO).in_time().expect("stopped");
    let all = all_told(client.queue()).join("\n");
    assert!(all.contains("connected") && all.contains("asked for another connection"), "{all}");
    assert!([SECRET, TICKET, "planted"].iter().all(|secret| !all.contains(secret)), "{all}");
}

/// A reply that went well leaks its connection.
#[test]
fn g9_replies_use_their_connection_again() {
    let webhook = Server::new(|mut visit| async move {
        while visit.request().await.is_some() {
            visit.respond(200, r#"{"errcode":0,"errmsg":"ok"}"#).await;
        }
    });
    let world = World::new();
    let client = world.connected(world.config());
    let url = format!("{}/robot/sendBySession?session=x", webhook.url());
    world.push(json!({ "kind": "message", "data": { "sessionWebhook": url } }));
    let delivery = next(client.queue());
    for _ in 0..40 {
        delivery.reply(Message::text("x")).in_time().expect("accepted");
    }
    let accepted = webhook.accepted.load(Atomic::SeqCst);
    assert!(accepted <= 10, "{accepted} connections for forty replies, one after the other");
}

/// Behind a proxy a handshake has no timeout.
#[test]
fn g10_a_proxy_that_says_nothing_is_given_up() {
    let proxy = Server::new(|visit| async move {
        if visit.posts { visit.grant("ws://stream.invalid:80/connect").await } else { visit.silence().await }
    });
    let mut config = proxy.config();
    config.endpoint = "http://api.invalid".to_owned();
    config.proxy = proxy.url().into();
    config.connect_timeout_ms = Duration::from_millis(50);
    let client = Client::new(config).expect("valid");
    let start = client.start();
    let failed = state(client.queue(), "waiting");
    let part = |pointer| failed.data().text(pointer).map(|text| text.into_owned());
    assert_eq!((part("/error/kind").as_deref(), part("/error/stage").as_deref()), (Some("timeout"), Some("connect")));
    wait_for("more tries", || proxy.opens() >= 10);
    let accepted = proxy.accepted.load(Atomic::SeqCst) as u64;
    assert!(accepted <= client.stats().open_failures + 5, "opening uses its connection again: {accepted}");
    assert!(start.wait(Some(Duration::ZERO)).expect("waiting").is_none(), "it goes on trying");
}

/// What is registered after the start races with dispatching.
#[test]
fn g11_what_is_registered_after_the_start_is_refused() {
    let world = World::new();
    let client = world.connected(world.config());
    for refused in [
        client.subscribe(Kind::Graph, ""),
        client.on_message(|_| async {}),
        client.on_event_type("user_add_org", |_| async {}),
        client.on("/v1.0/y", |_| async {}),
        client.on_state(|_| async {}),
    ] {
        assert_eq!(refused.expect_err("too late").kind(), ErrorKind::Config);
    }
}

/// Unknown fields are lost, and a card action whose content is no JSON is answered 500.
#[test]
fn g12_unknown_fields_and_a_content_that_is_no_json_arrive() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "message", "data": { "new": { "a": [1, null] } } }));
    let message = BotMessage::from(Arc::new(next(client.queue())));
    assert_eq!(message.data().value("/new"), Some(json!({ "a": [1, null] })));
    message.ok(Value::Null).expect("settled");
    let pushed = world.push(json!({ "kind": "card", "data": { "content": "no {json", "value": null } }));
    let card = CardAction::from(Arc::new(next(client.queue())));
    assert_eq!((card.content(), card.params()), (Some(json!("no {json")), None));
    card.ok(json!({ "userPrivateData": {} })).expect("settled");
    assert_eq!(world.answer(&pushed)["data"], r#"{"response":{"userPrivateData":{}}}"#, "and no nulls are added");
}
