//! The Python SDK, 0.24.4b1. Not here, since they come with the OpenAPI part: P-10 (replying to a chosen person), P-15
//! (access tokens), P-16 (images).

use std::sync::Arc;
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{BotMessage, CardAction, Client, ErrorKind, Kind, Level, Message, Ordering};
use serde_json::{Value, json};

use crate::support::{
    DEADLINE, InTime, Running, World, all_told, blocked, gated, message, next, states_until, wait_for,
};

/// A frame waits for a free task before it is even looked at: a hundred slow handlers starve ping and disconnect.
#[test]
fn p1_a_hundred_slow_handlers_starve_neither_ping_nor_disconnect() {
    let world = World::new();
    let mut config = world.bare_config();
    (config.max_in_flight, config.ordering) = (100, Ordering::None);
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let gate = gated(&client);
    let running = Running::new(client);
    let pushed = world.push(json!({ "kind": "message", "count": 150 }));
    wait_for("a hundred handlers, and more", || {
        let stats = running.client.stats();
        (stats.in_flight, stats.waiting) == (100, 50)
    });
    world.ping();
    world.breaks("disconnect", json!({}));
    world.records("connect", 2);
    gate.close();
    for one in pushed["pushed"].as_array().expect("many") {
        assert_eq!(world.answer(one)["code"], 200);
    }
}

/// Every end of a connection cancels the handlers that run, also an end that the server asked for.
#[test]
fn p2_the_end_of_a_connection_cancels_no_handler() {
    let world = World::new();
    let mut config = world.bare_config();
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let gate = gated(&client);
    let running = Running::new(client);
    let stats = || running.client.stats();
    let rotated = world.push(message("rotated"));
    wait_for("the handler", || stats().in_flight == 1);
    world.breaks("disconnect", json!({}));
    world.records("connect", 2);
    gate.add_permits(1);
    let answer = world.answer(&rotated);
    assert_eq!((&answer["code"], &answer["connection"]), (&json!(200), &rotated["connection"]), "where it came from");
    world.push(message("dropped"));
    wait_for("the handler", || stats().in_flight == 1);
    world.breaks("drop", json!({}));
    wait_for("the loss", || stats().lost == 1);
    gate.add_permits(1);
    wait_for("the end of the handler", || stats().ok == 2);
}

/// It answers, closes, waits, and only then opens another connection: for a second or more there is none.
#[test]
fn p3_the_replacement_is_open_before_the_old_connection_ends() {
    let world = World::new();
    let client = world.connected(world.config());
    world.breaks("disconnect", json!({}));
    let replaced = world.records("connect", 2).remove(1);
    world.control("clock", json!({ "advance": 10_000 }));
    let closed = world.records("close", 1).remove(0);
    assert!(replaced["seq"].as_u64() < closed["seq"].as_u64() && closed["by"] == "simulator", "{closed}");
    client.stop(DEADLINE).in_time().expect("stopped");
    assert_eq!(states_until(client.queue(), "stopped"), ["connecting", "open", "stopping", "stopped"]);
}

/// The answer to an event lacks its status, and what came is sent back whole.
#[test]
fn p4_an_answer_has_its_status_and_sends_nothing_back() {
    let world = World::new();
    let client = world.connected(world.config());
    let event = json!({ "kind": "event", "eventType": "user_add_org", "data": { "planted": 1 } });
    for (push, data) in [
        (event, r#"{"status":"SUCCESS","message":"success"}"#),
        (message("planted"), r#"{"response":null}"#),
        (json!({ "kind": "card", "params": { "planted": 1 } }), r#"{"response":{}}"#),
    ] {
        let pushed = world.push(push);
        next(client.queue()).ok(Value::Null).expect("settled");
        let answer = world.answer(&pushed);
        assert_eq!((&answer["code"], &answer["data"]), (&json!(200), &json!(data)));
        assert!(!answer["raw"].to_string().contains("planted"));
    }
}

/// An exception in a handler is logged, and nothing is answered.
#[test]
fn p5_a_handler_that_fails_is_answered_500() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_card(|_| async { Err::<(), _>("planted in an error") }).expect("before the start");
    client.on_event(|_| async { Err::<(), _>("planted in an error") }).expect("before the start");
    let _running = Running::new(client);
    for (kind, data) in
        [("card", r#"{"response":{}}"#), ("event", r#"{"status":"LATER","message":"the handler failed"}"#)]
    {
        let answer = world.answer(&world.push(json!({ "kind": kind, "eventType": "user_add_org" })));
        assert_eq!((&answer["code"], &answer["data"]), (&json!(500), &json!(data)));
    }
}

/// A frame of an unknown topic is not answered, and is logged whole, with the key of its session webhook.
#[test]
fn p5_an_unknown_topic_is_answered_and_shown_in_no_log() {
    let world = World::new();
    let mut config = world.config();
    config.log_level = Level::Trace;
    let client = world.connected(config);
    let mut unknown = json!({ "kind": "callback", "topic": "/v1.0/y", "data": { "sessionWebhook": "planted" } });
    unknown["connection"] = world.connection();
    assert_eq!(world.answer(&world.push(unknown))["code"], 404);
    client.stop(DEADLINE).in_time().expect("stopped");
    let told = all_told(client.queue());
    assert!(!told.is_empty() && !told.iter().any(|told| told.contains("planted")), "{told:?}");
}

/// Replies block the loop, so that one slow webhook holds every handler and the connection.
#[test]
fn p6_a_reply_that_takes_long_holds_up_no_other_handler() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    let handler = |message: BotMessage| async move {
        match message.text().as_deref() {
            Some("slow") => message.reply(Message::text("x")).await.map(drop),
            _ => Ok(()),
        }
    };
    client.on_message(handler).expect("before the start");
    let running = Running::new(client);
    world.breaks("webhook", json!({ "delayMs": 3_600_000 }));
    world.push(json!({ "kind": "message", "text": "slow", "conversationId": "a" }));
    wait_for("the reply", || running.client.stats().calls_in_flight == 1);
    world.push(json!({ "kind": "message", "text": "quick", "conversationId": "b" }));
    wait_for("the quick one", || running.client.stats().ok == 1);
    assert_eq!(running.client.stats().calls_in_flight, 1, "the slow one is still under way");
}

/// Requests have no timeout: a webhook that says nothing holds its caller for ever.
#[test]
fn p7_a_reply_that_nobody_answers_is_given_up() {
    let world = World::new();
    let mut config = world.config();
    config.request_timeout_ms = Duration::from_millis(50);
    let client = world.connected(config);
    world.breaks("webhook", json!({ "delayMs": 3_600_000 }));
    world.push(message("hi"));
    let error = next(client.queue()).reply(Message::text("x")).in_time().expect_err("given up");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

/// What went wrong is swallowed: the caller gets an empty text, or an id as if it had worked.
#[test]
fn p8_a_reply_that_failed_is_an_error() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    for (how, kind) in [
        (json!({ "status": 500, "body": "<html>", "times": 1 }), ErrorKind::Protocol),
        (json!({ "status": 200, "body": {}, "times": 1 }), ErrorKind::Protocol),
        (json!({ "html": true, "times": 1 }), ErrorKind::Protocol),
        (json!({ "errcode": 310_000, "times": 1 }), ErrorKind::Rejected),
        (json!({ "errcode": 300_001, "times": 1 }), ErrorKind::Expired),
    ] {
        world.breaks("webhook", how.clone());
        let error = delivery.reply_via(dingstream::Via::Session, Message::text("x")).in_time().expect_err("refused");
        assert_eq!(error.kind(), kind, "{how}");
    }
    delivery.reply(Message::text("x")).in_time().expect("accepted");
    assert_eq!((client.stats().calls, client.stats().failed_calls), (6, 5));
}

/// An error of the connection is raised as an unbound variable.
#[test]
fn p9_a_reply_to_a_host_that_is_not_there_names_the_network() {
    let world = World::new();
    let client = world.connected(world.config());
    let webhook = "http://127.0.0.1:1/robot/sendBySession?session=x";
    world.push(json!({ "kind": "message", "data": { "sessionWebhook": webhook } }));
    let error = next(client.queue()).reply(Message::text("x")).in_time().expect_err("nobody there");
    assert_eq!((error.kind(), error.stage()), (ErrorKind::Network, "call:reply"));
}

/// A graph response that is read and written again has lost its status line.
#[test]
fn p11_a_graph_response_goes_out_as_it_was_given() {
    let world = World::new();
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("valid");
    let client = world.connected(config);
    let pushed = world.push(json!({ "kind": "graph" }));
    let status = json!({ "code": 201, "reasonPhrase": "Created" });
    let response = json!({ "statusLine": status, "headers": { "a": "b" }, "body": "{\"c\":1}" });
    next(client.queue()).ok(response.clone()).expect("settled");
    assert_eq!(world.answer(&pushed)["data"], json!({ "response": response }).to_string());
}

/// A card action never has its type, its space and the type of its user id.
#[test]
fn p12_a_card_action_has_its_type_and_space() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "card", "conversationId": "cid=" }));
    let card = CardAction::from(Arc::new(next(client.queue())));
    assert_eq!(card.action_type().as_deref(), Some("actionCallback"));
    assert_eq!((card.space_type().as_deref(), card.space_id().as_deref()), (Some("im"), Some("cid=")));
    assert_eq!(card.data().int("/userIdType"), Some(1));
    card.ok(Value::Null).expect("settled");
}

/// A message that lacks one of its usual fields raises an error, and is not answered.
#[test]
fn p13_a_message_without_its_usual_fields_is_handled() {
    let world = World::new();
    let client = world.connected(world.config());
    let gaps = json!({
        "text": null, "senderNick": null, "atUsers": [null], "hostingContext": { "userId": "u" },
        "conversationMsgContext": [{}, 7],
    });
    let pushed = world.push(json!({ "kind": "message", "data": gaps }));
    let message = BotMessage::from(Arc::new(next(client.queue())));
    assert_eq!((message.text(), message.sender_nick(), message.at_users()), (None, None, Some(json!([null]))));
    assert_eq!(message.data().text("/hostingContext/userId").as_deref(), Some("u"));
    message.ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

/// What waits for a free thread is bounded by nothing.
#[test]
fn p14_what_waits_for_a_thread_is_bounded() {
    let world = World::new();
    let mut config = world.config();
    (config.inbox_count, config.ordering) = (4, Ordering::None);
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let release = blocked(&client);
    client.start().in_time().expect("connected");
    world.push(json!({ "kind": "message", "count": 10 }));
    world.records("answer&code=500", 6);
    assert_eq!((client.stats().in_flight, client.stats().refused), (4, 6));
    drop(release);
    world.records("answer&code=200", 4);
}

/// To import it is to change the program's logging, and the version that it tells was frozen long ago.
#[test]
fn p17_a_client_leaves_logging_alone_and_tells_its_own_version() {
    let world = World::new();
    let _client = world.connected(world.config());
    assert!(!tracing::dispatcher::has_been_set(), "no global logger is installed");
    let version = concat!("/", env!("CARGO_PKG_VERSION"), "-union");
    assert!(world.records("open", 1)[0]["body"]["ua"].as_str().is_some_and(|ua| ua.ends_with(version)));
}

/// A frame above 1 MiB closes the connection.
#[test]
fn p18_a_message_of_two_megabytes_arrives() {
    let world = World::new();
    let client = world.connected(world.config());
    let text = "长".repeat(700_000);
    let pushed = world.push(message(&text));
    let delivery = next(client.queue());
    assert!(delivery.data().text("/text/content").is_some_and(|content| content == text));
    assert_eq!(world.answer(&pushed)["code"], 200);
    assert_eq!(world.records("connect", 1).len(), 1, "on the first connection");
}

/// Whether a message came before is judged by the id of the push, which another push of it may not share.
#[test]
fn p19_a_message_under_another_push_is_the_same_message() {
    let world = World::new();
    let client = world.connected(world.config());
    let again = json!({ "kind": "message", "text": "twice", "data": { "msgId": "m-1" } });
    let first = world.push(again.clone());
    next(client.queue()).ok(Value::Null).expect("settled");
    let second = world.push(again);
    assert_ne!(first["messageId"], second["messageId"]);
    assert_eq!((&world.answer(&first)["code"], &world.answer(&second)["code"]), (&json!(200), &json!(200)));
    world.push(message("another"));
    assert_eq!(next(client.queue()).data().text("/text/content").as_deref(), Some("another"));
    assert_eq!(client.stats().duplicates, 1);
}
