//! A platform that forgets a card.

use serde_json::json;

use super::{CREATE, TEMPLATE, card, refused, updated};
use crate::harness::Sim;

#[tokio::test]
async fn a_forgotten_card_is_found_by_no_call_but_stays_to_be_read() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": "hi"})).await;
    sim.order("cards/forget", json!({"outTrackId": "c1"})).await;
    assert_eq!(sim.put_refusal(CREATE, &updated("c1", json!({}))).await, refused("param.cardNotExist"));
    let left = sim.card("c1").await;
    assert_eq!((&left["forgotten"], &left["params"]), (&json!(true), &json!({"text": "hi"})));
    let (status, _) = sim.post("/_sim/cards/forget", json!({"outTrackId": "c1"})).await;
    assert_eq!(status, 404);
    sim.done(CREATE, &card("c1", TEMPLATE, json!({}))).await;
    assert_eq!(sim.card("c1").await["forgotten"], false);
}

#[tokio::test]
async fn a_reset_forgets_cards_and_templates() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    sim.order("reset", json!({})).await;
    assert_eq!(sim.get("/_sim/cards").await["cards"], json!([]));
    assert!(sim.card("c1").await["error"].is_string());
    assert_eq!(sim.refusal(CREATE, &card("c1", TEMPLATE, json!({}))).await, refused("param.templateNotExist"));
}
