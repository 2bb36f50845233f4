//! What happens between one connection and the next.

use std::time::{Duration, Instant};

use dingstream::{Client, Item, Kind, State};
use serde_json::{Value, json};

use crate::support::{InTime, World, item, message, next, states_until, wait_for};

/// What ten thousand deliveries may take where everything is slow.
const LONG: Duration = Duration::from_secs(120);

fn connects(world: &World, count: usize) -> Vec<Value> {
    world.records("connect&status=101", count)
}

fn stop(client: &Client) {
    client.stop(Duration::from_secs(5)).in_time().expect("stopped");
}

#[test]
fn at_a_disconnect_there_is_no_moment_without_a_socket() {
    let world = World::new();
    let client = world.connected(world.config());
    for turn in 1..=5 {
        world.control("break", json!({ "what": "disconnect" }));
        let connects = connects(&world, turn + 1);
        assert_eq!(connects[turn]["gap"], 0, "{connects:?}");
        wait_for("the client's side of it", || client.stats().opened == turn as u64 + 1);
    }
    stop(&client);
    let stats = client.stats();
    assert_eq!((stats.opened, stats.rotated, stats.lost), (6, 5, 0));
    assert_eq!(states_until(client.queue(), "stopped"), ["connecting", "open", "stopping", "stopped"]);
}

#[test]
fn with_two_connections_the_death_of_one_changes_nothing() {
    let world = World::new();
    let mut config = world.config();
    config.connections = 2;
    let client = world.connected(config);
    let first = connects(&world, 2)[0]["connection"].clone();
    world.control("break", json!({ "what": "drop", "connection": first }));
    let third = connects(&world, 3)[2].clone();
    assert_eq!((&third["gap"], client.state()), (&json!(0), State::Open));
    wait_for("the third connection", || client.stats().connections == 2);
    let pushed = world.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    world.answer(&pushed);
    stop(&client);
    assert_eq!(states_until(client.queue(), "stopped"), ["stopping", "stopped"], "the bot never heard of it");
}

#[test]
fn a_wrong_secret_is_tried_once_whatever_the_number_of_connections() {
    let world = World::new();
    let mut config = world.config();
    (config.connections, config.client_secret) = (8, "planted-wrong-secret".into());
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect_err("refused");
    assert_eq!(world.records("open", 1).len(), 1);
}

#[test]
fn duplicates_over_two_connections_run_once() {
    let world = World::new();
    let mut config = world.config();
    config.connections = 2;
    config.answer_message = dingstream::Answer::OnCompletion;
    let client = world.connected(config);
    let sockets = connects(&world, 2);
    let pushes: Vec<_> = sockets
        .iter()
        .map(|socket| {
            let order = json!({ "kind": "message", "text": "hi", "msgId": "m", "connection": socket["connection"] });
            world.push(order)
        })
        .collect();
    next(client.queue()).ok(Value::Null).expect("settled");
    for (push, socket) in pushes.iter().zip(&sockets) {
        assert_eq!(world.answer(push)["connection"], socket["connection"], "each on the connection that asked");
    }
    assert_eq!(client.stats().duplicates, 1);
    stop(&client);
}

#[test]
fn the_next_message_of_a_conversation_comes_when_the_one_before_is_settled() {
    let world = World::new();
    let client = world.connected(world.config());
    let order = |text: &str, place: &str| json!({ "kind": "message", "text": text, "conversationId": place });
    for (text, place) in [("1", "a"), ("2", "a"), ("3", "b")] {
        world.push(order(text, place));
    }
    let text = |delivery: &dingstream::Delivery| delivery.data().text("/text/content").unwrap_or_default().into_owned();
    let (first, other) = (next(client.queue()), next(client.queue()));
    assert_eq!((text(&first).trim(), text(&other).trim()), ("1", "3"));
    assert_eq!((client.stats().in_flight, client.stats().waiting), (2, 1));
    first.ok(Value::Null).expect("settled");
    assert_eq!(text(&next(client.queue())).trim(), "2");
    stop(&client);
}

#[test]
fn what_a_client_counts_is_told_as_json_and_for_prometheus() {
    let world = World::new();
    let client = world.connected(world.config());
    let pushed = world.push(json!({ "kind": "event", "eventType": "user_add_org" }));
    next(client.queue()).ok(Value::Null).expect("settled");
    world.answer(&pushed);
    let stats = client.stats();
    assert_eq!((stats.events, stats.ok, stats.answers, stats.connections), (1, 1, 1, 1));
    assert_eq!(stats.to_json()["events"], 1);
    assert!(client.metrics().contains("dingstream_events_total{client_id=\"ding-demo\"} 1\n"));
    stop(&client);
    assert_eq!(client.stats().connections, 0);
}

#[test]
fn ten_thousand_at_once_are_all_answered_and_none_is_lost() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = dingstream::Answer::OnCompletion;
    (config.inbox_count, config.max_in_flight) = (20_000, 64);
    let client = world.connected(config);
    world.push(json!({ "kind": "message", "count": 10_000, "conversations": 100 }));
    let (mut handled, until) = (0, Instant::now() + LONG);
    while handled < 10_000 {
        if let Item::Delivery(delivery) = item(client.queue(), until)
            && delivery.kind() == Kind::Message
        {
            delivery.ok(Value::Null).expect("settled");
            handled += 1;
        }
    }
    client.stop(LONG).wait(Some(LONG)).expect("waiting").expect("in time").expect("stopped");
    assert_eq!(world.records("answer&code=200", 10_000).len(), 10_000);
    let stats = client.stats();
    assert_eq!((stats.messages, stats.ok, stats.refused, stats.in_flight, stats.waiting), (10_000, 10_000, 0, 0, 0));
}
