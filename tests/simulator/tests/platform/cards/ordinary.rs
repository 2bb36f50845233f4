//! The ordinary card.

use serde_json::{Value, json};

use super::refused;
use crate::harness::{Sim, with};

const SEND: &str = "/v1.0/im/v1.0/robot/interactiveCards/send";
const UPDATE: &str = "/v1.0/im/robots/interactiveCards";
const AWAY: &str = "/v1.0/innerApi/robot/stream/away/template/update";

fn data(text: &str) -> String {
    json!({"header": {"logo": "@l"}, "contents": [{"type": "text", "text": text}]}).to_string()
}

fn ordinary(receiver: Value) -> Value {
    let card = json!({
        "cardTemplateId": "StandardCard",
        "cardBizId": "b1",
        "robotCode": "ding-demo",
        "cardData": data("hi"),
    });
    with(card, receiver)
}

fn in_group(conversation: &str) -> Value {
    ordinary(json!({"openConversationId": conversation}))
}

#[tokio::test]
async fn it_is_sent_to_a_group_or_a_user() {
    let sim = Sim::with_cards().await;
    let (status, sent) = sim.call(SEND, &in_group("cid1")).await;
    assert_eq!(status, 200);
    let card = sim.card("b1").await;
    assert_eq!((&card["cardBizId"], &card["template"]), (&json!("b1"), &json!("StandardCard")));
    assert_eq!((&card["state"], &card["params"]), (&json!("delivered"), &json!({"cardData": data("hi")})));
    assert_eq!(card["spaces"][0]["carrierId"], sent["processQueryKey"]);
    let to_user = json!({"cardBizId": "b2", "singleChatReceiver": json!({"userId": "u1"}).to_string()});
    assert!(sim.call(SEND, &ordinary(to_user)).await.1["processQueryKey"].is_string());
    assert_eq!(sim.card("b2").await["spaces"][0]["recipients"], json!(["u1"]));
    let record = sim.record("kind=card&op=sendOrdinary&cardBizId=b1").await;
    assert_eq!((&record["processQueryKey"], &record["size"]), (&sent["processQueryKey"], &json!(data("hi").len())));
}

#[tokio::test]
async fn the_same_id_shows_the_same_card_once_a_place() {
    let sim = Sim::with_cards().await;
    let (_, first) = sim.call(SEND, &in_group("cid1")).await;
    assert_eq!(sim.call(SEND, &in_group("cid1")).await.1, first);
    assert_ne!(sim.call(SEND, &in_group("cid2")).await.1, first);
    assert_eq!(sim.card("b1").await["spaces"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_update_replaces_its_json_or_merges_it_by_key() {
    let sim = Sim::with_cards().await;
    let (_, sent) = sim.call(SEND, &in_group("cid1")).await;
    let update = json!({"cardBizId": "b1", "cardData": json!({"header": {"logo": "@m"}}).to_string()});
    let by_key = json!({"updateOptions": {"updateCardDataByKey": true}});
    assert_eq!(sim.put(UPDATE, &with(update.clone(), by_key)).await, (200, sent));
    let merged = json!({"header": {"logo": "@m"}, "contents": [{"type": "text", "text": "hi"}]}).to_string();
    assert_eq!(sim.card("b1").await["params"]["cardData"], merged);
    sim.put(UPDATE, &update).await;
    let card = sim.card("b1").await;
    assert_eq!((&card["params"]["cardData"], &card["spaces"][0]["blank"]), (&update["cardData"], &json!(true)));
    let unknown = with(update, json!({"cardBizId": "b2"}));
    assert_eq!(sim.put_refusal(UPDATE, &unknown).await, refused("cardInstance.notExist"));
}

#[tokio::test]
async fn what_is_no_ordinary_card_is_refused_with_its_code() {
    let sim = Sim::with_cards().await;
    let known = json!({"knownUsers": ["u1"], "knownConversations": ["cid1", "cid2"], "failedSpaces": ["cid2"]});
    sim.order("settings", known).await;
    for (other, code) in [
        (json!({"cardTemplateId": "another"}), "template.isNotExist"),
        (json!({"cardBizId": null}), "invalid.bizId"),
        (json!({"cardBizId": "x".repeat(101)}), "invalid.bizId"),
        (json!({"robotCode": "another"}), "invalid.robotCode"),
        (json!({"cardData": null}), "param.error"),
        (json!({"cardData": {}}), "param.isNotJson"),
        (json!({"cardData": "hi"}), "param.isNotJson"),
        (json!({"openConversationId": null}), "param.error"),
        (json!({"openConversationId": null, "singleChatReceiver": "{}"}), "invalid.user"),
        (json!({"openConversationId": null, "singleChatReceiver": r#"{"userId":"u2"}"#}), "invalid.user"),
        (json!({"openConversationId": "cid3"}), "invalid.openConversationId"),
        (json!({"openConversationId": "cid2"}), "send.cardMsg.failed"),
    ] {
        assert_eq!(sim.refusal(SEND, &with(in_group("cid1"), other.clone())).await, refused(code), "{other}");
    }
}

#[tokio::test]
async fn the_current_api_does_not_know_it() {
    let sim = Sim::with_cards().await;
    sim.call(SEND, &in_group("cid1")).await;
    assert_eq!(sim.put_refusal(super::CREATE, &super::updated("b1", json!({}))).await, refused("param.cardNotExist"));
}

#[tokio::test]
async fn the_card_for_hours_without_a_bot_is_taken_and_recorded() {
    let sim = Sim::with_cards().await;
    let away = json!({"robotCode": "ding-demo", "cardTemplateId": "StandardCard", "cardData": data("away")});
    assert_eq!(sim.done(AWAY, &away).await, true);
    assert_eq!(sim.record("kind=card&op=updateAway").await["body"], away);
    assert_eq!(sim.refusal(AWAY, &with(away, json!({"cardData": "hi"}))).await, refused("param.isNotJson"));
}
