//! A text that grows while it is read, and the states of an AI card.

use serde_json::{Value, json};

use super::{AI_MARKDOWN, CREATE, CREATE_AND_DELIVER, STREAMING, TEMPLATE, card, refused, to_group, updated};
use crate::harness::{Sim, with};

fn part(guid: &str, key: &str, content: &str) -> Value {
    json!({"outTrackId": "c1", "guid": guid, "key": key, "content": content})
}

fn whole(guid: &str, key: &str, content: &str) -> Value {
    with(part(guid, key, content), json!({"isFull": true}))
}

async fn ai_card(sim: &Sim) {
    sim.done(CREATE_AND_DELIVER, &to_group(card("c1", AI_MARKDOWN, json!({"flowStatus": "1"})))).await;
}

#[tokio::test]
async fn an_ai_card_goes_from_processing_over_inputing_to_its_end() {
    for (end, state) in [("isFinalize", "finished"), ("isError", "failed")] {
        let sim = Sim::with_cards().await;
        ai_card(&sim).await;
        assert_eq!(sim.done_put(STREAMING, &whole("g1", "msgContent", "a")).await, true);
        sim.done_put(STREAMING, &with(whole("g2", "msgContent", "ab"), json!({end: true}))).await;
        let card = sim.card("c1").await;
        let views: Vec<_> = (0..3).map(|at| &card["views"][at]).collect();
        let states: Vec<_> = views.iter().map(|view| &view["state"]).collect();
        assert_eq!(states, ["processing", "inputing", state]);
        let texts: Vec<_> = views.iter().map(|view| &view["params"]["msgContent"]).collect();
        assert_eq!(texts, [&json!(null), &json!("a"), &json!("ab")]);
        let blank: Vec<_> = views.iter().map(|view| &view["blank"]).collect();
        assert_eq!(blank, [&json!(true), &json!(false), &json!(false)]);
        assert_eq!((&card["state"], &views[2]["op"]), (&json!(state), &json!("streaming")));
        let after = whole("g3", "msgContent", "abc");
        assert_eq!(sim.put_refusal(STREAMING, &after).await, refused("param.invalid"));
    }
}

#[tokio::test]
async fn the_flow_status_of_an_update_is_the_state_too() {
    let sim = Sim::with_cards().await;
    ai_card(&sim).await;
    for (status, state) in
        [("2", "inputing"), ("4", "executing"), ("3", "finished"), ("5", "failed"), ("1", "processing")]
    {
        sim.done_put(CREATE, &updated("c1", json!({"flowStatus": status}))).await;
        assert_eq!(sim.card("c1").await["state"], state);
    }
}

#[tokio::test]
async fn the_flow_status_follows_what_is_streamed() {
    let sim = Sim::with_cards().await;
    ai_card(&sim).await;
    sim.done_put(STREAMING, &whole("g1", "msgContent", "a")).await;
    assert_eq!(sim.card("c1").await["params"]["flowStatus"], "2");
    sim.done_put(STREAMING, &with(whole("g2", "msgContent", "a"), json!({"isFinalize": true}))).await;
    assert_eq!(sim.card("c1").await["params"]["flowStatus"], "3");
}

#[tokio::test]
async fn plain_text_is_appended_and_markdown_comes_whole() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": "a"})).await;
    sim.done_put(STREAMING, &part("g1", "text", "b")).await;
    assert_eq!(sim.card("c1").await["params"]["text"], "ab");
    sim.done_put(STREAMING, &whole("g2", "text", "c")).await;
    assert_eq!(sim.card("c1").await["params"]["text"], "c");
    let (status, answer) = sim.put(STREAMING, &part("g3", "answer", "**b**")).await;
    assert_eq!((status, &answer["code"]), (400, &json!("param.stream.isFull")));
    assert_eq!(answer["message"], "streaming update the parameter isFull is null");
    sim.done_put(STREAMING, &whole("g3", "answer", "**b**")).await;
    assert_eq!(sim.card("c1").await["params"], json!({"text": "c", "answer": "**b**"}));
}

#[tokio::test]
async fn the_same_guid_is_carried_out_once() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    for _ in 0..2 {
        assert_eq!(sim.done_put(STREAMING, &part("g1", "text", "a")).await, true);
    }
    assert_eq!(sim.card("c1").await["params"]["text"], "a");
    let last = with(part("g2", "text", "b"), json!({"isFinalize": true}));
    for _ in 0..2 {
        assert_eq!(sim.done_put(STREAMING, &last).await, true);
    }
    assert_eq!(sim.card("c1").await["params"]["text"], "ab");
}

#[tokio::test]
async fn a_wrong_part_is_refused_with_its_code() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    for (other, code) in [
        (json!({"outTrackId": null}), "param.outTrackIdEmpty"),
        (json!({"outTrackId": "c2"}), "param.stream.outTrackId"),
        (json!({"guid": ""}), "param.stream.guidEmpty"),
        (json!({"key": ""}), "param.stream.keyEmpty"),
        (json!({"key": "stranger"}), "param.stream.keyEmpty"),
        (json!({"content": ""}), "param.stream.contentEmpty"),
        (json!({"isFull": "true"}), "param.invalid"),
    ] {
        let wrong = with(part("g1", "text", "a"), other);
        assert_eq!(sim.put_refusal(STREAMING, &wrong).await, refused(code), "{wrong}");
    }
}

#[tokio::test]
async fn a_card_that_was_not_delivered_takes_no_stream() {
    let sim = Sim::with_cards().await;
    sim.done(CREATE, &card("c1", TEMPLATE, json!({}))).await;
    let (status, answer) = sim.put(STREAMING, &part("g1", "text", "a")).await;
    assert_eq!((status, &answer["code"]), (400, &json!("param.stream.outTrackId")));
    assert_eq!(answer["message"], "card is not exist");
}

#[tokio::test]
async fn the_loose_rule_limits_the_whole_text() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    sim.done_put(STREAMING, &whole("g1", "answer", &"字".repeat(3_000))).await;
    let (status, answer) = sim.put(STREAMING, &whole("g2", "answer", &"x".repeat(3_001))).await;
    assert_eq!((status, &answer["code"]), (400, &json!("param.stream.content")));
    assert_eq!(answer["message"], "content is too large (200092)");
    sim.order("settings", json!({"cardStreamTotal": 4})).await;
    sim.done_put(STREAMING, &part("g3", "text", "abc")).await;
    assert_eq!(sim.put_refusal(STREAMING, &part("g4", "text", "de")).await, refused("param.stream.content"));
}

#[tokio::test]
async fn the_strict_rule_limits_what_a_call_brings_as_well() {
    let sim = Sim::with_cards().await;
    sim.order("settings", json!({"cardStreamRule": "strict"})).await;
    sim.card_in_group("c1", json!({})).await;
    sim.done_put(STREAMING, &part("g1", "text", &"x".repeat(1_024))).await;
    let more = part("g2", "text", &"x".repeat(1_025));
    assert_eq!(sim.put_refusal(STREAMING, &more).await, refused("param.stream.content"));
    assert_eq!(sim.post("/_sim/settings", json!({"cardStreamRule": "lax"})).await.0, 400);
}
