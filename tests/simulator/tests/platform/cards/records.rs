//! What records tell of cards, and what holds their calls back.

use serde_json::json;

use super::{CREATE, STREAMING, updated};
use crate::harness::Sim;

#[tokio::test]
async fn every_call_is_recorded_with_what_it_was_about() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    let part = json!({
        "outTrackId": "c1", "guid": "g1", "key": "answer", "content": "字",
        "isFull": true, "isFinalize": true, "isError": false,
    });
    sim.done_put(STREAMING, &part).await;
    let record = sim.record("kind=card&op=streaming").await;
    assert_eq!((&record["clientId"], &record["outTrackId"]), (&json!("ding-demo"), &json!("c1")));
    assert_eq!((&record["key"], &record["size"], &record["body"]), (&json!("answer"), &json!(3), &part));
    let flags = [&record["isFull"], &record["isFinalize"], &record["isError"], &record["status"]];
    assert_eq!(flags, [&json!(true), &json!(true), &json!(false), &json!(200)]);
    sim.put(STREAMING, &part).await;
    sim.put(CREATE, &updated("c2", json!({}))).await;
    assert_eq!(sim.record("kind=card&op=update").await["code"], "param.cardNotExist");
}

#[tokio::test]
async fn no_secret_of_a_callback_is_in_a_record() {
    let sim = Sim::with_cards().await;
    let route = json!({"callbackRouteKey": "k1", "callbackUrl": "https://a", "apiSecret": "a-secret"});
    sim.done("/v1.0/card/callbacks/register", &route).await;
    assert_eq!(sim.record("kind=card&op=registerCallback").await["body"]["apiSecret"], "***");
}

#[tokio::test]
async fn a_permission_that_lacks_is_named() {
    let sim = Sim::with_cards().await;
    sim.order("settings", json!({"deniedScopes": {STREAMING: ["Card.Streaming.Write"]}})).await;
    let (status, answer) = sim.put(STREAMING, &json!({"outTrackId": "c1"})).await;
    assert_eq!((status, &answer["accessdenieddetail"]["requiredScopes"]), (403, &json!(["Card.Streaming.Write"])));
}
