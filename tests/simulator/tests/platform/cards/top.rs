//! Cards at the top of a conversation.

use serde_json::{Value, json};

use super::{CREATE_AND_DELIVER, TEMPLATE, card, refused};
use crate::harness::{Sim, with};

async fn card_on_top(sim: &Sim, id: &str, more: Value) -> Value {
    let until = sim.get("/_sim/state").await["clock"].as_u64().expect("a moment") + 60_000;
    let top = json!({
        "openSpaceId": "dtv1.card//ONE_BOX.cid1",
        "topOpenSpaceModel": {"spaceType": "ONE_BOX"},
        "topOpenDeliverModel": with(json!({"expiredTimeMillis": until}), more),
    });
    with(card(id, TEMPLATE, json!({"text": "hi"})), top)
}

fn closing(id: &str, conversation: &str) -> String {
    format!("/v1.0/card/tops/close?outTrackId={id}&openConversationId={conversation}")
}

#[tokio::test]
async fn it_stays_until_its_time_is_over() {
    let sim = Sim::with_cards().await;
    let result = sim.done(CREATE_AND_DELIVER, &card_on_top(&sim, "c1", json!({"userIds": ["u1"]})).await).await;
    assert_eq!(result["deliverResults"][0]["carrierId"], "");
    let space = sim.card("c1").await["spaces"][0].clone();
    assert_eq!((&space["closed"], &space["recipients"]), (&json!(false), &json!(["u1"])));
    sim.order("clock", json!({"advance": 60_000})).await;
    let space = sim.card("c1").await["spaces"][0].clone();
    assert_eq!((&space["closed"], &space["blank"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn it_is_closed_before_its_time() {
    let sim = Sim::with_cards().await;
    sim.done(CREATE_AND_DELIVER, &card_on_top(&sim, "c1", json!({})).await).await;
    for (path, code) in [
        (closing("", "cid1"), "param.outTrackIdEmpty"),
        (closing("c2", "cid1"), "param.cardNotExist"),
        (closing("c1", ""), "param.conversationIdInvalid"),
        (closing("c1", "cid2"), "param.conversationIdInvalid"),
    ] {
        assert_eq!(sim.refusal(&path, &json!({})).await, refused(code));
    }
    assert_eq!(sim.done(&closing("c1", "cid1"), &json!({})).await, true);
    assert_eq!(sim.card("c1").await["spaces"][0]["closed"], true);
    assert_eq!(sim.record("kind=card&op=closeTop&status=200").await["outTrackId"], "c1");
}

#[tokio::test]
async fn it_needs_its_end_and_known_platforms() {
    let sim = Sim::with_cards().await;
    for wrong in [json!({"expiredTimeMillis": null}), json!({"expiredTimeMillis": "1"}), json!({"platforms": ["tv"]})] {
        let refusal = sim.refusal(CREATE_AND_DELIVER, &card_on_top(&sim, "c1", wrong).await).await;
        assert_eq!(refusal, refused("param.openDeliverModelError"));
    }
    sim.done(CREATE_AND_DELIVER, &card_on_top(&sim, "c1", json!({"platforms": ["ios", "mac"]})).await).await;
}
