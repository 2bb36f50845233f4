//! What comes again, and when.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::harness::{Bot, DEADLINE, Sim};

async fn push_event(sim: &Sim, bot: &mut Bot) -> Value {
    sim.order("push", json!({"kind": "event", "eventType": "user_add_org"})).await;
    bot.frame().await
}

async fn advance(sim: &Sim, ms: u64) {
    sim.order("clock", json!({"advance": ms})).await;
}

#[tokio::test]
async fn an_unanswered_event_comes_three_times_and_is_given_up() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let first = push_event(&sim, &mut bot).await;
    advance(&sim, 13_000).await;
    let second = bot.frame().await;
    advance(&sim, 33_000).await;
    let third = bot.frame().await;
    for again in [&second, &third] {
        assert_eq!(again["headers"]["eventId"], first["headers"]["eventId"]);
        assert_eq!(again["headers"]["eventBornTime"], first["headers"]["eventBornTime"]);
        assert_eq!(again["data"], first["data"]);
        assert_ne!(again["headers"]["messageId"], first["headers"]["messageId"]);
    }
    advance(&sim, 3_000).await;
    assert_eq!(sim.record("kind=givenUp").await["attempts"], 3);
    let attempts = sim.records_now("kind=push&type=EVENT").await;
    assert_eq!(attempts.len(), 3);
}

#[tokio::test]
async fn an_event_comes_again_after_later_and_after_an_error() {
    for (code, answer) in [(200, json!({"status": "LATER"})), (500, json!({"status": "SUCCESS"}))] {
        let sim = Sim::start();
        let mut bot = sim.any_bot().await;
        let first = push_event(&sim, &mut bot).await;
        bot.answer(&first, code, answer).await;
        sim.record("kind=answer").await;
        advance(&sim, 10_000).await;
        let second = bot.frame().await;
        assert_eq!(second["headers"]["eventId"], first["headers"]["eventId"]);
        bot.answer(&second, 200, json!({"status": "SUCCESS"})).await;
        sim.records("kind=answer&count=2").await;
        advance(&sim, 100_000).await;
        assert!(sim.records_now("kind=givenUp").await.is_empty());
    }
}

#[tokio::test]
async fn an_event_that_was_consumed_does_not_come_again() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    // The official Python SDK echoes the event and sends no status.
    for answer in [json!({"status": "SUCCESS"}), json!({"userId": ["1"]})] {
        let frame = push_event(&sim, &mut bot).await;
        bot.answer(&frame, 200, answer).await;
        sim.record(&format!("kind=answer&eventId={}", frame["headers"]["eventId"].as_str().expect("an id"))).await;
    }
    advance(&sim, 100_000).await;
    // What would have been due is due before this one.
    push_event(&sim, &mut bot).await;
    assert_eq!(sim.records_now("kind=push&type=EVENT").await.len(), 3);
}

#[tokio::test]
async fn an_event_is_pending_until_it_is_consumed() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let frame = push_event(&sim, &mut bot).await;
    assert_eq!(sim.get("/_sim/state").await["pendingEvents"], 1);
    bot.answer(&frame, 200, json!({"status": "SUCCESS"})).await;
    let settled = async {
        while sim.get("/_sim/state").await["pendingEvents"] != 0 {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(DEADLINE, settled).await.expect("in time");
}

#[tokio::test]
async fn an_event_waits_for_a_connection() {
    let sim = Sim::start();
    let pushed = sim.order("push", json!({"kind": "event", "eventType": "check_in"})).await;
    assert_eq!(pushed["delivered"], false);
    let mut bot = sim.any_bot().await;
    advance(&sim, 10_000).await;
    assert_eq!(bot.frame().await["headers"]["eventId"], pushed["eventId"]);
}

#[tokio::test]
async fn the_schedule_is_a_setting() {
    let sim = Sim::start();
    sim.order("settings", json!({"answerTimeoutMs": 20, "redeliveryMs": [10]})).await;
    let mut bot = sim.any_bot().await;
    let first = push_event(&sim, &mut bot).await;
    assert_eq!(bot.frame().await["headers"]["eventId"], first["headers"]["eventId"]);
    assert_eq!(sim.record("kind=givenUp").await["attempts"], 2);
}

#[tokio::test]
async fn messages_and_cards_never_come_again() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message"})).await;
    sim.order("push", json!({"kind": "card"})).await;
    let message = bot.frame().await;
    bot.frame().await;
    bot.answer(&message, 500, json!({"response": null})).await;
    sim.record("kind=answer").await;
    advance(&sim, 100_000).await;
    push_event(&sim, &mut bot).await;
    assert_eq!(sim.records_now("kind=push&type=CALLBACK").await.len(), 2);
}
