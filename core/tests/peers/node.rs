//! The Node SDK, 2.1.6-beta.1 and what npm installs. Not here: what N-13 says of types, package and repository.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{Client, ErrorKind, Kind, State};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};

use crate::support::server::{SECRET, Server, bot_message, disconnect};
use crate::support::{DEADLINE, InTime, Running, World, message, next, state, wait_for};

/// A frame that is not what was expected is an uncaught exception: the process ends.
#[test]
fn n1_a_malformed_frame_ends_nothing() {
    let world = World::new();
    let client = world.connected(world.config());
    let frames = ["", "null", "[]", "7", "{", "\"text\"", "{\"type\":", "{}", "{\"type\":\"SYSTEM\",\"headers\":7}"];
    for text in frames {
        world.push(json!({ "kind": "frame", "text": text }));
    }
    world.push(json!({ "kind": "frame", "base64": "//4=", "binary": true }));
    world.ping();
    let pushed = world.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
    assert_eq!(client.stats().opened, 1, "on the first connection");
    assert_eq!(client.stats().skipped, 8, "what could not be read is counted");
}

/// Disconnecting during the handshake ends the process, or leaves a client that can never connect again.
#[test]
fn n2_stop_during_the_handshake_leaves_a_client_that_can_start_again() {
    let (heard, came) = channel();
    let server = Server::new(move |visit| {
        let heard = heard.clone();
        async move {
            if !visit.posts && visit.number == 1 {
                let _ = heard.send(());
                return visit.silence().await;
            }
            if let Some(mut socket) = visit.upgrade_or_grant().await {
                while let Some(Ok(_)) = socket.next().await {}
            }
        }
    });
    let mut config = server.config();
    config.handshake_timeout_ms = Duration::from_secs(3600);
    let client = Client::new(config).expect("valid");
    let start = client.start();
    came.recv_timeout(DEADLINE).expect("the handshake begins");
    client.stop(DEADLINE).in_time().expect("stopped");
    assert_eq!(start.in_time().expect_err("never connected").kind(), ErrorKind::Closed);
    client.start().in_time().expect("connected");
    assert_eq!(client.state(), State::Open);
}

/// Subscriptions stand in one list of the module: every client has those of all others.
#[test]
fn n3_two_clients_share_no_subscriptions() {
    let world = World::new();
    let messages = Client::new(world.bare_config()).expect("valid");
    let cards = Client::new(world.bare_config()).expect("valid");
    messages.on_message(|_| async {}).expect("before the start");
    cards.on_card(|_| async {}).expect("before the start");
    for (client, count, topic) in
        [(messages, 1, "/v1.0/im/bot/messages/get"), (cards, 2, "/v1.0/card/instances/callback")]
    {
        client.start().in_time().expect("connected");
        let asked = world.records("open", count).remove(count - 1)["body"]["subscriptions"].take();
        assert_eq!(asked, json!([{ "topic": topic, "type": "CALLBACK" }]));
    }
}

/// All events are always subscribed, and consumed by a listener that does nothing.
#[test]
fn n4_events_are_not_subscribed_unless_they_are_handled() {
    let world = World::new();
    let client = Client::new(world.bare_config()).expect("valid");
    client.on_message(|_| async {}).expect("before the start");
    client.start().in_time().expect("connected");
    assert!(!world.records("open", 1)[0]["body"]["subscriptions"].to_string().contains("EVENT"));
    let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org" }));
    assert_eq!(pushed["delivered"], false, "it stays with those who handle it");
}

/// A connection that is half open is never noticed.
#[test]
fn n5_a_half_open_connection_is_noticed_and_replaced() {
    let world = World::new();
    let mut config = world.config();
    (config.ping_after_ms, config.ping_timeout_ms) = (Duration::from_millis(100), Duration::from_millis(100));
    config.ping_attempts = 2;
    let client = world.connected(config);
    world.breaks("stall", json!({}));
    let lost = state(client.queue(), "waiting");
    assert_eq!(lost.data().text("/error/kind").as_deref(), Some("timeout"));
    world.records("connect", 2);
    assert!(client.stats().pings >= 2, "it was asked before");
}

/// On `disconnect` it waits until the server closes: ten seconds without a connection.
#[test]
fn n6_a_disconnect_is_enough_for_a_replacement() {
    let server = Server::of_sockets(|mut socket, number| async move {
        let greeting = if number == 1 { disconnect() } else { bot_message("m", "on the second") };
        let _ = socket.send(greeting).await;
        while let Some(Ok(_)) = socket.next().await {}
    });
    let client = Client::new(server.config()).expect("valid");
    client.start().in_time().expect("connected");
    let delivery = next(client.queue());
    assert_eq!(delivery.data().text("/text/content").as_deref(), Some("on the second"));
    assert_eq!((client.state(), client.stats().connections), (State::Open, 2), "the first one still serves");
}

/// An answer goes to whatever connection there is: to none without a word, to the wrong one, or it throws.
#[test]
fn n7_an_answer_whose_connection_is_gone_goes_to_no_other() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = Answer::OnCompletion;
    let client = world.connected(config);
    world.push(message("held"));
    let held = next(client.queue());
    world.breaks("drop", json!({}));
    wait_for("the replacement", || client.stats().opened == 2);
    held.ok(Value::Null).expect("settled all the same");
    world.ping();
    assert!(world.records("answer", 0).is_empty(), "the new connection owes nothing");
    assert_eq!((client.stats().lost_answers, client.stats().answers), (1, 0));
}

/// Nothing is answered unless the application does it by hand.
#[test]
fn n8_every_kind_is_answered_when_its_handler_returns() {
    let world = World::new();
    let mut config = world.bare_config();
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    client.on_message(|_| async {}).expect("before the start");
    client.on_card(|_| async {}).expect("before the start");
    client.on_event(|_| async {}).expect("before the start");
    client.on("/v1.0/graph/api/invoke", |_| async {}).expect("before the start");
    client.on("/v1.0/x", |_| async {}).expect("before the start");
    let running = Running::new(client);
    for kind in ["message", "card", "event", "graph", "callback"] {
        let mut push = json!({ "kind": kind, "eventType": "user_add_org" });
        if kind == "callback" {
            push["topic"] = "/v1.0/x".into();
        }
        assert_eq!(world.answer(&world.push(push))["code"], 200, "{kind}");
    }
    running.stop();
}

/// Debugging prints the whole configuration, and the secret stands in an address.
#[test]
fn n9_the_secret_is_in_no_address_and_in_nothing_that_is_shown() {
    let (heard, requests) = channel();
    let server = Server::new(move |mut visit| {
        let heard = heard.clone();
        async move {
            if let Some(request) = visit.request().await {
                let _ = heard.send(request);
            }
        }
    });
    let config = server.config();
    let client = Client::new(config.clone()).expect("valid");
    drop(client.start());
    let request = requests.recv_timeout(DEADLINE).expect("a request");
    assert!(request.head.starts_with("POST /v1.0/gateway/connections/open HTTP/1.1\r\n"));
    assert!(request.body.contains(SECRET), "it is sent where it belongs");
    assert!(!request.head.contains(SECRET) && !format!("{config:?} {client:?}").contains(SECRET));
}

/// An upgrade forgives everything: a server that accepts and drops is never left alone.
#[test]
fn n10_being_accepted_does_not_forgive_what_failed_before() {
    let world = World::new();
    let mut config = world.config();
    (config.immediate_opens, config.backoff_max_ms) = (1, Duration::from_millis(1));
    let client = world.connected(config);
    for opened in 2..5 {
        world.breaks("drop", json!({}));
        wait_for("the next connection", || client.stats().opened == opened);
    }
    world.breaks("open", json!({ "status": 503, "times": 1 }));
    world.breaks("drop", json!({}));
    let attempts: Vec<_> = std::iter::repeat_with(|| state(client.queue(), "waiting"))
        .map(|waiting| waiting.data().int("/attempt"))
        .take(5)
        .collect();
    assert_eq!(attempts, [None, None, None, None, Some(4)], "three of the four losses came after the budget");
}

/// What is installed today schedules two tries for every one that fails: 1, 2, 4, 8 … 256 a second.
#[test]
fn n11_one_failure_is_followed_by_one_try() {
    let (now, most) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let highest = Arc::clone(&most);
    let server = Server::new(move |mut visit| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&highest));
        async move {
            // Nobody listens on a port that needs special rights.
            let granted = json!({ "endpoint": "ws://127.0.0.1:1/connect", "ticket": "t" }).to_string();
            while visit.request().await.is_some() {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Others that are under way have time to come.
                tokio::task::yield_now().await;
                now.fetch_sub(1, Ordering::SeqCst);
                visit.respond(200, &granted).await;
            }
        }
    });
    let client = Client::new(server.config()).expect("valid");
    drop(client.start());
    wait_for("many tries", || client.stats().open_failures >= 100);
    client.stop(Duration::ZERO).in_time().expect("stopped");
    assert_eq!(most.load(Ordering::SeqCst), 1, "never two at once");
    assert!(server.opens() as u64 - client.stats().open_failures <= 1);
}

/// Connecting is a success also where it failed, so that nobody hears of a wrong secret.
#[test]
fn n12_a_start_is_done_when_there_is_a_connection_and_says_why_not() {
    let world = World::new();
    let wrong = |status: u16, kind, advice| {
        world.breaks("open", json!({ "status": status, "times": 1 }));
        let error = Client::new(world.config()).expect("valid").start().in_time().expect_err("refused");
        assert!(error.kind() == kind && error.advice().contains(advice), "{error:?}");
    };
    wrong(401, ErrorKind::Auth, "clientSecret");
    wrong(403, ErrorKind::Forbidden, "服务器出口IP");
    world.breaks("open", json!({ "status": 503 }));
    let client = Client::new(world.config()).expect("valid");
    let start = client.start();
    state(client.queue(), "waiting");
    assert!(start.wait(Some(Duration::ZERO)).expect("waiting").is_none(), "a network that fails is no success");
    world.control("heal", json!({}));
    start.in_time().expect("connected");
    assert_eq!(client.state(), State::Open);
}

/// The ticket is not encoded: one with a plus sign or a slash is refused.
#[test]
fn n13_a_ticket_is_encoded() {
    let world = World::new();
    world.control("settings", json!({ "hardTickets": true }));
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("valid");
    let client = world.connected(config);
    assert_eq!((client.stats().opened, client.stats().open_failures), (1, 0));
}
