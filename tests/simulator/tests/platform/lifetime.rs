//! How connections live and end.

use std::io::ErrorKind;

use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::harness::{DEADLINE, End, Sim, data};

#[tokio::test]
async fn pings_carry_an_opaque_and_their_answers_are_recorded() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("settings", json!({"pingMs": 20})).await;
    let ping = bot.frame().await;
    assert_eq!((&ping["type"], &ping["headers"]["topic"]), (&json!("SYSTEM"), &json!("ping")));
    bot.answer(&ping, 200, data(&ping)).await;
    let record = sim.record("kind=ping").await;
    assert_eq!(record["messageId"], ping["headers"]["messageId"]);
    assert_eq!(record["data"], ping["data"]);
}

#[tokio::test]
async fn the_heartbeat_of_a_client_is_recorded() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    bot.socket.send(Message::Ping("alive?".into())).await.expect("the socket is open");
    let ping = sim.record("kind=wsPing").await;
    assert_eq!((&ping["connection"], &ping["clientId"]), (&json!(bot.id), &json!("ding-demo")));
    assert_eq!(bot.message().await.expect("a pong"), Message::Pong("alive?".into()));
}

#[tokio::test]
async fn the_time_without_any_socket_is_told_with_the_next_one() {
    let sim = Sim::start();
    let first = sim.any_bot().await;
    sim.order("break", json!({"what": "disconnect"})).await;
    let second = sim.any_bot().await;
    drop((first, second));
    sim.records("kind=close&count=2").await;
    let _third = sim.any_bot().await;
    let connects = sim.records("kind=connect&count=3").await;
    assert!(connects[0].get("gap").is_none(), "nothing came before the first");
    assert_eq!(connects[1]["gap"], 0, "one that drains is a socket too");
    assert!(connects[2]["gap"].as_u64().is_some_and(|gap| gap > 0));
}

#[tokio::test]
async fn a_disconnect_is_followed_by_silence_and_the_end() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message"})).await;
    let owed = bot.frame().await;
    sim.order("break", json!({"what": "disconnect"})).await;
    let frame = bot.frame().await;
    assert_eq!(frame["headers"]["topic"], "disconnect");
    assert!(frame["headers"].get("messageId").is_none());
    assert_eq!(data(&frame), json!({"reason": "connection is expired"}));
    assert_eq!(sim.connections().await[0]["state"], "draining");

    let pushed = sim.order("push", json!({"kind": "message"})).await;
    assert_eq!(pushed["delivered"], false);
    bot.answer(&owed, 200, json!({"response": null})).await;
    assert_eq!(sim.record("kind=answer").await["owed"], true);

    sim.order("clock", json!({"advance": 10_000})).await;
    assert_eq!(bot.end().await, End::Close(1000));
    assert_eq!(bot.end().await, End::Cut);
    sim.record("kind=close&by=simulator&code=1000").await;
    assert!(sim.connections().await.is_empty());
}

#[tokio::test]
async fn who_hears_of_the_end_is_on_the_list_no_more() {
    let sim = Sim::start();
    let mut leaving = sim.any_bot().await;
    leaving.socket.close(None).await.expect("the socket is open");
    leaving.end().await;
    assert!(sim.connections().await.is_empty());
    let mut cut = sim.any_bot().await;
    sim.order("break", json!({"what": "drop"})).await;
    assert_eq!(cut.end().await, End::Cut);
    assert!(sim.connections().await.is_empty());
}

#[tokio::test]
async fn a_drop_says_no_farewell() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("break", json!({"what": "drop", "connection": bot.id})).await;
    let cut = bot.message().await;
    assert!(matches!(&cut, Err(Error::Io(error)) if error.kind() == ErrorKind::ConnectionReset), "{cut:?}");
    sim.record("kind=close&by=simulator&reason=cut").await;
}

#[tokio::test]
async fn a_close_carries_the_code_that_was_ordered() {
    let sim = Sim::start();
    let (mut bot, _other) = (sim.any_bot().await, sim.any_bot().await);
    sim.order("break", json!({"what": "close", "connection": bot.id, "code": 1012})).await;
    assert_eq!(bot.end().await, End::Close(1012));
    sim.record("kind=close").await;
    assert_eq!(sim.connections().await.len(), 1);
}

#[tokio::test]
async fn a_stalled_connection_is_silent_until_healed() {
    let sim = Sim::start();
    let (mut bot, mut other) = (sim.any_bot().await, sim.any_bot().await);
    sim.order("break", json!({"what": "stall", "connection": bot.id})).await;
    let pushed = sim.order("push", json!({"kind": "message", "connection": bot.id})).await;
    bot.socket.send(Message::Ping("anyone?".into())).await.expect("the socket is open");
    sim.order("push", json!({"kind": "message", "connection": other.id})).await;
    other.frame().await;
    assert!(bot.socket.next().now_or_never().is_none());
    sim.order("heal", json!({})).await;
    let mut kinds = Vec::new();
    for _ in 0..2 {
        match bot.message().await.expect("a frame") {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).expect("a frame is JSON");
                assert_eq!(frame["headers"]["messageId"], pushed["messageId"]);
                kinds.push("push");
            }
            Message::Pong(_) => kinds.push("pong"),
            other => panic!("{other:?} was not expected"),
        }
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["pong", "push"]);
}

#[tokio::test]
async fn a_client_that_leaves_is_forgotten() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    bot.socket.close(None).await.expect("an open connection");
    sim.record("kind=close&by=client").await;
    assert!(sim.connections().await.is_empty());
}

#[tokio::test]
async fn a_simulator_that_is_dropped_lets_go_of_its_clients() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    drop(sim);
    timeout(DEADLINE, bot.end()).await.expect("the connection ends");
}

#[tokio::test]
async fn reset_closes_forgets_and_restores() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("settings", json!({"pingMs": 5})).await;
    sim.order("apps", json!({"clientId": "other", "clientSecret": "s"})).await;
    sim.order("break", json!({"what": "open", "status": 500})).await;
    sim.order("reset", json!({})).await;
    bot.end().await;
    let state = sim.get("/_sim/state").await;
    assert_eq!(state["apps"], json!(["ding-demo"]));
    assert_eq!(state["settings"]["pingMs"], 30_000);
    assert!(sim.records_now("").await.is_empty());
    sim.any_bot().await;
}

#[tokio::test]
async fn reset_ends_a_stalled_connection_too() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("break", json!({"what": "stall"})).await;
    sim.order("reset", json!({})).await;
    assert_eq!(bot.end().await, End::Close(1001));
}

#[tokio::test]
async fn a_stalled_connection_can_be_dropped() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("break", json!({"what": "stall"})).await;
    sim.order("break", json!({"what": "drop"})).await;
    assert_eq!(bot.end().await, End::Cut);
}
