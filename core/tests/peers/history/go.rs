//! What the Go SDK had to fix.

use std::sync::Arc;
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{BotMessage, CardAction, Client, Config, Kind, Ordering, State};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::server::{Server, bot_message, frame, raw};
use crate::support::{DEADLINE, InTime, World, message, next, state, states_until, wait_for};

/// Go: an answer that came when the connection had ended was sent on a closed channel: a panic.
#[test]
fn go_64dec92_answers_may_race_with_the_end_of_their_connection() {
    let world = World::new();
    let mut config = world.config();
    (config.ordering, config.answer_message) = (Ordering::None, Answer::OnCompletion);
    let client = world.connected(config);
    world.push(json!({ "kind": "message", "count": 200 }));
    let held: Vec<_> = (0..200).map(|_| next(client.queue())).collect();
    std::thread::scope(|scope| {
        for part in held.chunks(50) {
            scope.spawn(move || part.iter().for_each(|one| one.ok(Value::Null).expect("settled once")));
        }
        world.breaks("drop", json!({}));
    });
    wait_for("the replacement", || client.stats().opened == 2);
    assert_eq!((client.stats().ok, client.stats().answers + client.stats().lost_answers), (200, 200));
    let pushed = world.push(message("after"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
}

/// Go: only pongs counted as signs of life, so that busy connections were ended.
#[test]
fn go_dce35a6_anything_that_arrives_is_a_sign_of_life() {
    let server = Server::of_sockets(|mut socket, _| async move {
        let texts = [frame("SYSTEM", "KEEPALIVE", "m", &json!({})), bot_message("m", "still here")].map(raw);
        // By hand, because a WebSocket would answer pings with pongs.
        let stream = socket.get_mut();
        let mut ping = [0; 6];
        for turn in 0..5 {
            if stream.read_exact(&mut ping).await.is_err() {
                return;
            }
            assert_eq!(ping[0], 0x89, "a ping");
            let _ = stream.write_all(&texts[turn / 4]).await;
        }
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let mut config = server.config();
    (config.ping_after_ms, config.ping_timeout_ms) = (Duration::from_millis(10), Duration::from_secs(5));
    config.ping_attempts = 1;
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    let delivery = next(client.queue());
    assert_eq!(delivery.data().text("/text/content").as_deref(), Some("still here"));
    assert_eq!(client.stats().opened, 1, "on the first connection");
}

/// Go: the loop of the old connection took the new one down with it when it ended.
#[test]
fn go_a213651_the_end_of_the_old_connection_leaves_the_new_one_alone() {
    let world = World::new();
    let client = world.connected(world.config());
    states_until(client.queue(), "open");
    for turn in 1..4 {
        world.breaks("disconnect", json!({}));
        world.records("connect", turn + 1);
        world.control("clock", json!({ "advance": 10_000 }));
        world.records("close", turn);
        wait_for("the end of the old one", || client.stats().connections == 1);
        let pushed = world.push(message("on the new one"));
        next(client.queue()).ok(Value::Null).expect("settled");
        assert_eq!(world.answer(&pushed)["owed"], true);
    }
    client.stop(DEADLINE).in_time().expect("stopped");
    assert_eq!(client.stats().opened, 4);
    assert_eq!(states_until(client.queue(), "stopped"), ["stopping", "stopped"], "no loss was told");
}

/// Go: the socket was closed before the answer was written.
#[test]
fn go_a213651_an_answer_leaves_before_the_close() {
    let world = World::new();
    let mut config = world.config();
    (config.ordering, config.answer_message) = (Ordering::None, Answer::OnCompletion);
    let client = world.connected(config);
    let pushed = world.push(json!({ "kind": "message", "count": 100 }));
    let held: Vec<_> = (0..100).map(|_| next(client.queue())).collect();
    let stopping = client.stop(DEADLINE);
    held.iter().for_each(|one| one.ok(Value::Null).expect("settled"));
    stopping.in_time().expect("stopped");
    let closed = world.records("close", 1).remove(0);
    for one in pushed["pushed"].as_array().expect("many") {
        let answer = world.answer(one);
        assert!(answer["code"] == 200 && answer["seq"].as_u64() < closed["seq"].as_u64());
    }
}

/// A server that takes no answer: it pushes one thing and reads no further.
fn deaf() -> Server {
    Server::of_sockets(|mut socket, _| async move {
        let _ = socket.send(frame("CALLBACK", "/v1.0/x", "m", &json!({}))).await;
        std::future::pending::<()>().await;
    })
}

/// A client of it whose answer is under way and can't be written.
fn blocked(server: &Server, change: impl Fn(&mut Config)) -> Client {
    let mut config = server.config();
    config.subscribe(Kind::Other, "/v1.0/x").expect("valid");
    change(&mut config);
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    next(client.queue()).ok(json!("x".repeat(8 << 20))).expect("settled");
    client
}

/// Go: a write that blocked held the heartbeat up, so that the dead connection was never noticed.
#[test]
fn go_08ce9c9_a_blocked_write_does_not_stall_the_heartbeat() {
    let server = deaf();
    let client = blocked(&server, |config| {
        config.ping_attempts = 1;
        (config.ping_after_ms, config.ping_timeout_ms) = (Duration::from_millis(100), Duration::from_millis(100));
    });
    let lost = state(client.queue(), "waiting");
    assert_eq!(lost.data().text("/error/kind").as_deref(), Some("timeout"));
    assert!(client.stats().pings >= 1);
}

/// Go: closing waited for the write that blocked.
#[test]
fn go_08ce9c9_a_stop_does_not_wait_for_a_blocked_write() {
    let server = deaf();
    let client = blocked(&server, |_| {});
    let stopping = client.stop(Duration::from_millis(50));
    stopping
        .wait(Some(Duration::from_secs(5)))
        .expect("waiting")
        .expect("long before the write is given up")
        .expect("stopped");
    assert_eq!(client.state(), State::Stopped);
}

/// Go: nothing bounded how many handlers ran at once.
#[test]
fn go_82a7b09_handlers_at_once_are_bounded() {
    let world = World::new();
    let mut config = world.config();
    (config.max_in_flight, config.ordering) = (3, Ordering::None);
    let client = world.connected(config);
    world.push(json!({ "kind": "message", "count": 10 }));
    wait_for("all", || client.stats().in_flight + client.stats().waiting == 10);
    for left in (0..=7).rev() {
        assert_eq!((client.stats().in_flight, client.stats().waiting), (3, left));
        next(client.queue()).ok(Value::Null).expect("settled");
    }
}

/// Go: a message did not have the bot's code.
#[test]
fn go_1103297_a_message_has_the_bots_code() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(json!({ "kind": "message", "data": { "robotCode": "dingbot" } }));
    assert_eq!(BotMessage::from(Arc::new(next(client.queue()))).robot_code().as_deref(), Some("dingbot"));
}

/// Go: the content of a card action is JSON in a text, and could not be read.
#[test]
fn go_af9f059_the_content_of_a_card_action_is_read() {
    let world = World::new();
    let client = world.connected(world.config());
    let object = json!({ "cardPrivateData": { "actionIds": ["a"], "params": { "p": "1" } } });
    for content in [json!(object.to_string()), object.clone()] {
        world.push(json!({ "kind": "card", "data": { "content": content, "value": null } }));
        let card = CardAction::from(Arc::new(next(client.queue())));
        assert_eq!((card.action_ids(), card.params()), (Some(json!(["a"])), Some(json!({ "p": "1" }))));
        card.ok(Value::Null).expect("settled");
    }
}
