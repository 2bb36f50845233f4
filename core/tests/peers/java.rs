//! The Java SDK, 1.3.13. Not here: J-9 (lambdas) and, of J-10 and J-13, the JVM's charset, threads and dead code, which
//! are traps of the language.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{BotMessage, Client, Kind, Level, Message, Ordering};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message as Packet;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::server::{Server, TICKET, bot_message, raw};
use crate::support::{DEADLINE, InTime, NEVER, World, all_told, blocked, message, next, state, told, wait_for};

/// Opening may take six hours, because it was given the lifetime of a connection for its timeout.
#[test]
fn j1_an_open_that_hangs_is_given_up_after_its_own_timeout() {
    // Nothing at all, then a head without its body, then half a body.
    const HALVES: [&str; 3] = ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"];
    let server = Server::new(|mut visit| async move {
        visit.request().await;
        let half = HALVES[visit.opens() % HALVES.len()];
        let _ = visit.stream.write_all(half.as_bytes()).await;
        visit.silence().await;
    });
    let mut config = server.config();
    config.open_timeout_ms = Duration::from_millis(50);
    (config.connect_timeout_ms, config.handshake_timeout_ms, config.request_timeout_ms) = (NEVER, NEVER, NEVER);
    let client = Client::new(config).expect("valid");
    drop(client.start());
    for attempt in 1..=HALVES.len() as i64 {
        let failed = state(client.queue(), "waiting");
        let part = |pointer| failed.data().text(pointer).map(|text| text.into_owned());
        assert_eq!(failed.data().int("/attempt"), Some(attempt));
        assert_eq!((part("/error/kind").as_deref(), part("/error/stage").as_deref()), (Some("timeout"), Some("open")));
    }
}

/// Whoever is to be mentioned in a reply, nobody is.
#[test]
fn j2_a_reply_mentions_whom_it_was_told_to() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let reply = Message::text("x").at_user("ann").at_user("bob").at_mobile("138");
    next(client.queue()).reply(reply).in_time().expect("accepted");
    let at = world.records("reply", 1).remove(0)["body"]["at"].take();
    assert_eq!((&at["atUserIds"], &at["atMobiles"]), (&json!(["ann", "bob"]), &json!(["138"])));
}

/// Whether the sender administers and whether the bot was mentioned is never read, and the bot's code is missing.
#[test]
fn j3_what_a_message_says_of_its_sender_is_read() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "message", "conversationType": "2", "data": { "hostingContext": { "userId": "u" } } }));
    let message = BotMessage::from(Arc::new(next(client.queue())));
    assert_eq!((message.is_admin(), message.is_in_at_list()), (Some(true), Some(true)));
    assert_eq!(message.robot_code().as_deref(), Some("ding-demo"));
    assert_eq!(message.data().text("/hostingContext/userId").as_deref(), Some("u"));
    message.ok(Value::Null).expect("settled");
}

/// With its queue full, frames are lost without an answer, and pings, which wait in the same queue.
#[test]
fn j4_a_full_inbox_answers_frames_and_pings() {
    let world = World::new();
    let mut config = world.config();
    (config.inbox_bytes, config.ordering) = (4096, Ordering::None);
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    let release = blocked(&client);
    client.start().in_time().expect("connected");
    world.push(message(&"x".repeat(4096)));
    for _ in 0..5 {
        let refused = world.answer(&world.push(message("no room")));
        assert_eq!((&refused["code"], &refused["data"]), (&json!(500), &json!(r#"{"response":null}"#)));
        world.ping();
    }
    drop(release);
    world.records("answer&code=200", 1);
}

/// Nobody hears of an answer that could not be written.
#[test]
fn j5_an_answer_that_can_not_be_written_is_told_and_counted() {
    let world = World::new();
    let mut config = world.config();
    config.log_level = Level::Info;
    let client = world.connected(config);
    world.push(json!({ "kind": "event", "eventType": "user_add_org" }));
    let held = next(client.queue());
    world.breaks("drop", json!({}));
    wait_for("the loss", || client.stats().lost == 1);
    held.ok(Value::Null).expect("settled");
    told(client.queue(), "a delivery of kind event was settled after its connection had gone");
    assert_eq!(client.stats().lost_answers, 1);
}

/// A handshake that ends too late leaves a connection that nobody knows, and that still brings messages.
#[test]
fn j6_a_late_handshake_leaves_no_orphan_connection() {
    let (heard, gone) = channel();
    let given_up = Arc::new(tokio::sync::Notify::new());
    let server = Server::new(move |mut visit| {
        let (heard, given_up) = (heard.clone(), Arc::clone(&given_up));
        async move {
            if !visit.posts && visit.number == 1 {
                visit.upgrade_late(&given_up, &raw(bot_message("late", "on the orphan"))).await;
                let mut rest = Vec::new();
                let _ = visit.stream.read_to_end(&mut rest).await;
                return heard.send(rest).expect("the test waits");
            }
            if let Some(mut socket) = visit.upgrade_or_grant().await {
                given_up.notify_one();
                let _ = socket.send(bot_message("m", "on the second")).await;
                while let Some(Ok(_)) = socket.next().await {}
            }
        }
    });
    let mut config = server.config();
    config.handshake_timeout_ms = Duration::from_millis(50);
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    assert!(gone.recv_timeout(DEADLINE).expect("the orphan is closed").is_empty(), "nothing is said on it");
    assert_eq!(next(client.queue()).id(), "m");
    assert_eq!((client.stats().connections, client.stats().messages), (1, 1));
}

/// A refused connection and a refused handshake are told as a timeout, three seconds later.
#[test]
fn j6_a_refusal_is_told_at_once_and_as_what_it_is() {
    let server = Server::new(|mut visit| async move {
        if visit.posts {
            return visit.grant("ws://127.0.0.1:1/connect").await;
        }
        visit.request().await;
    });
    let mut config = server.config();
    (config.connect_timeout_ms, config.handshake_timeout_ms) = (NEVER, NEVER);
    let client = Client::new(config).expect("valid");
    drop(client.start());
    assert_eq!(state(client.queue(), "waiting").data().text("/error/kind").as_deref(), Some("network"));

    let world = World::new();
    world.breaks("upgrade", json!({ "status": 403, "times": 1 }));
    let client = world.connected(world.config());
    let refused = state(client.queue(), "waiting");
    assert_eq!(refused.data().text("/error/kind").as_deref(), Some("protocol"));
    assert_eq!(refused.data().int("/error/http_status"), Some(403));
}

/// A bad credential is tried every five seconds, and a lost connection is replaced no sooner.
#[test]
fn j7_a_lost_connection_is_replaced_at_once_and_a_refused_one_slowly() {
    let world = World::new();
    let client = world.connected(world.config());
    world.breaks("drop", json!({}));
    wait_for("the replacement", || client.stats().opened == 2);
    assert_eq!(state(client.queue(), "waiting").data().int("/retry_in_ms"), Some(0));
    world.breaks("open", json!({ "status": 401 }));
    world.breaks("drop", json!({}));
    assert_eq!(state(client.queue(), "waiting").data().int("/retry_in_ms"), Some(0));
    let refused = state(client.queue(), "waiting");
    assert_eq!(refused.data().text("/error/kind").as_deref(), Some("auth"));
    assert!(refused.data().int("/retry_in_ms").is_some_and(|pause| pause >= 30_000), "half a minute at least");
}

/// A frame above 256 KiB and one that comes in fragments are not read.
#[test]
fn j8_a_large_message_in_fragments_is_one_message() {
    let text = "x".repeat(400 * 1024);
    let whole = bot_message("m", &text).into_data();
    let server = Server::of_sockets(move |mut socket, _| {
        let whole = whole.clone();
        async move {
            let mut parts = whole.chunks(150 * 1024).peekable();
            let mut code = OpCode::Data(Data::Text);
            while let Some(part) = parts.next() {
                let last = parts.peek().is_none();
                let _ = socket.send(Packet::Frame(Frame::message(part.to_vec(), code, last))).await;
                let _ = socket.send(Packet::Ping(Default::default())).await;
                code = OpCode::Data(Data::Continue);
            }
            while let Some(Ok(_)) = socket.next().await {}
        }
    });
    let client = Client::new(server.config()).expect("valid");
    client.start().in_time().expect("connected");
    let delivery = next(client.queue());
    assert!(delivery.data().text("/text/content").is_some_and(|content| content == text));
    assert_eq!(client.stats().skipped, 0);
}

/// Whatever address opening returns, `/connect` is asked for.
#[test]
fn j8_the_address_is_used_as_it_was_returned() {
    let world = World::new();
    world.control("settings", json!({ "endpointPath": "/connect/v2?zone=a%20b" }));
    let client = world.connected(world.config());
    assert_eq!((client.stats().opened, client.stats().open_failures), (1, 0));
}

/// What a proxy is told first by a client with this user and password, or a server by one without a proxy. Each has its
/// own, for a client may ask more than once.
fn asked_by(user: Option<&str>) -> Option<String> {
    let (heard, requests) = channel();
    let server = Server::new(move |mut visit| {
        let heard = heard.clone();
        async move {
            if let Some(request) = visit.request().await {
                let named = |line: &str| line.to_lowercase().strip_prefix("proxy-authorization: ").map(str::to_owned);
                let _ = heard.send(request.head.lines().find_map(named));
            }
        }
    });
    let mut config = server.config();
    let proxy = user.map_or_else(|| "direct".to_owned(), |user| format!("http://{user}@{}", server.address));
    (config.proxy, config.backoff_max_ms) = (proxy.as_str().into(), NEVER);
    let client = Client::new(config).expect("valid");
    drop(client.start());
    requests.recv_timeout(DEADLINE).expect("it asks")
}

/// A proxy's password is set for the whole process.
#[test]
fn j10_a_proxys_password_belongs_to_its_client() {
    assert_eq!(asked_by(Some("ann:1")).as_deref(), Some("basic yw5uoje="));
    assert_eq!(asked_by(Some("bob:2")).as_deref(), Some("basic ym9ioji="));
    assert_eq!(asked_by(None), None);
}

/// Another method than GET and POST becomes null, and the request fails.
#[test]
fn j10_a_graph_request_of_any_method_is_delivered() {
    let world = World::new();
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("valid");
    let client = world.connected(config);
    for method in ["PUT", "DELETE", "PATCH", "MADE-UP"] {
        let pushed = world.push(json!({ "kind": "graph", "method": method }));
        let graph = next(client.queue());
        assert_eq!(graph.data().text("/requestLine/method").as_deref(), Some(method));
        graph.ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["code"], 200);
    }
}

/// A payload that can't be read is swallowed, and not answered.
#[test]
fn j11_a_payload_that_is_no_json_is_delivered_and_answered() {
    let world = World::new();
    let client = world.connected(world.config());
    for push in [json!({ "kind": "message" }), json!({ "kind": "event", "eventType": "x" }), json!({ "kind": "card" })]
    {
        let mut push = push;
        push["frame"] = json!({ "data": "{broken" });
        let pushed = world.push(push);
        let delivery = next(client.queue());
        assert_eq!((delivery.data().as_str(), delivery.data().is_valid()), ("{broken", false));
        delivery.ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["code"], 200);
    }
}

/// The ticket is the name of the connection, and is logged with every error.
#[test]
fn j12_an_error_of_a_connection_names_no_ticket() {
    for endpoint in ["ws://127.0.0.1:1/connect", "http://127.0.0.1:1/", "ws://127.0.0.1:1/connect?zone=a"] {
        let server = Server::new(move |visit| visit.grant(endpoint));
        let mut config = server.config();
        (config.log_level, config.backoff_max_ms) = (Level::Trace, NEVER);
        let client = Client::new(config).expect("valid");
        drop(client.start());
        wait_for("the failure", || client.stats().open_failures >= 1);
        client.stop(Duration::ZERO).in_time().expect("stopped");
        let all = all_told(client.queue()).join("\n");
        assert!(all.contains("no connection (try 1") && all.contains(r#""attempt":1"#), "{all}");
        assert!(!all.contains(TICKET), "{all}");
    }
}

/// A warning is logged as an error.
#[test]
fn j13_a_warning_is_told_as_a_warning() {
    let world = World::new();
    let client = world.connected(world.config());
    world.breaks("drop", json!({}));
    assert_eq!(told(client.queue(), "the connection was lost").level, Level::Warn);
}
