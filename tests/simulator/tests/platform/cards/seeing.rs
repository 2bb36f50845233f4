//! What people see.

use serde_json::json;

use super::{AI_MARKDOWN, CREATE, CREATE_AND_DELIVER, TEMPLATE, card, to_user, updated};
use crate::harness::Sim;

#[tokio::test]
async fn a_view_is_kept_when_what_is_seen_changes() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": "a"})).await;
    sim.order("clock", json!({"advance": 5_000})).await;
    for text in ["a", "b"] {
        sim.done_put(CREATE, &updated("c1", json!({"text": text}))).await;
    }
    let views = sim.card("c1").await["views"].clone();
    let [first, second] = views.as_array().expect("a list").as_slice() else { panic!("two views: {views}") };
    assert_eq!((&first["op"], &first["params"]), (&json!("createAndDeliver"), &json!({"text": "a"})));
    assert_eq!((&second["op"], &second["params"]), (&json!("update"), &json!({"text": "b"})));
    let at = |view: &serde_json::Value| view["at"].as_u64().expect("a moment");
    assert!(at(second) - at(first) >= 5_000);
}

#[tokio::test]
async fn a_card_is_blank_when_nothing_of_it_can_be_read() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": " \n", "stranger": "x", "flowStatus": "2"})).await;
    let space = sim.card("c1").await["spaces"][0].clone();
    assert_eq!((&space["blank"], &space["params"]), (&json!(true), &json!({"text": " \n", "flowStatus": "2"})));
    sim.done_put(CREATE, &updated("c1", json!({"text": "hi"}))).await;
    assert_eq!(sim.card("c1").await["spaces"][0]["blank"], false);
}

#[tokio::test]
async fn a_failure_that_names_no_text_leaves_a_blank_card() {
    let sim = Sim::with_cards().await;
    sim.done(CREATE_AND_DELIVER, &to_user(card("c1", AI_MARKDOWN, json!({"msgContent": "half"})))).await;
    assert_eq!(sim.card("c1").await["state"], "processing");
    sim.done_put(CREATE, &updated("c1", json!({"flowStatus": "5"}))).await;
    let card = sim.card("c1").await;
    assert_eq!((&card["state"], &card["spaces"][0]["blank"]), (&json!("failed"), &json!(true)));
}

#[tokio::test]
async fn a_user_alone_with_the_robot_sees_his_own_data_in_that_space() {
    let sim = Sim::with_cards().await;
    let private = json!({"privateData": {"u1": {"cardParamMap": {"text": "you"}}}});
    let own = crate::harness::with(card("c1", TEMPLATE, json!({"text": "all"})), private);
    sim.done(CREATE_AND_DELIVER, &to_user(own)).await;
    assert_eq!(sim.card("c1").await["spaces"][0]["params"], json!({"text": "you"}));
}
