//! Changing what cards say.

use serde_json::{Map, json};

use super::{CREATE, CREATE_AND_DELIVER, TEMPLATE, card, refused, to_group, updated};
use crate::harness::{Sim, with};

#[tokio::test]
async fn an_update_overwrites_everything_unless_it_goes_by_key() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": "hi", "votes": "1"})).await;
    let by_key = json!({"cardUpdateOptions": {"updateCardDataByKey": true}});
    assert_eq!(sim.done_put(CREATE, &with(updated("c1", json!({"votes": "2"})), by_key)).await, true);
    assert_eq!(sim.card("c1").await["params"], json!({"text": "hi", "votes": "2"}));
    sim.done_put(CREATE, &updated("c1", json!({"votes": "3"}))).await;
    assert_eq!(sim.card("c1").await["params"], json!({"votes": "3"}));
}

#[tokio::test]
async fn an_update_takes_values_that_a_new_card_does_not() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    sim.done_put(CREATE, &updated("c1", json!({"text": "x".repeat(5_000)}))).await;
    assert_eq!(sim.put_refusal(CREATE, &updated("c1", json!({"text": true}))).await, refused("param.invalid"));
}

#[tokio::test]
async fn a_user_sees_data_of_his_own_where_the_template_allows_it() {
    let sim = Sim::with_cards().await;
    let private = json!({"u1": {"cardParamMap": {"votes": "1"}}, "u2": {"cardParamMap": {"votes": "2"}}});
    let card_for_each = with(card("c1", TEMPLATE, json!({"text": "hi"})), json!({"privateData": private}));
    sim.done(CREATE_AND_DELIVER, &to_group(card_for_each)).await;
    let made = sim.card("c1").await;
    assert_eq!(made["users"], json!({"u1": {"votes": "1"}, "u2": {"votes": "2"}}));
    let seen: Vec<_> = (0..3).map(|at| &made["views"][at]).map(|view| (&view["user"], &view["params"])).collect();
    let (everybody, one, two) =
        (json!({"text": "hi"}), json!({"text": "hi", "votes": "1"}), json!({"text": "hi", "votes": "2"}));
    assert_eq!(seen, [(&json!(null), &everybody), (&json!("u1"), &one), (&json!("u2"), &two)]);

    let more = json!({"outTrackId": "c1", "privateData": {"u1": {"cardParamMap": {"text": "you"}}}});
    let by_key = json!({"cardUpdateOptions": {"updatePrivateDataByKey": true}});
    sim.done_put(CREATE, &with(more.clone(), by_key)).await;
    assert_eq!(sim.card("c1").await["users"]["u1"], json!({"votes": "1", "text": "you"}));
    sim.done_put(CREATE, &more).await;
    assert_eq!(sim.card("c1").await["users"], json!({"u1": {"text": "you"}, "u2": {"votes": "2"}}));

    sim.order("templates", json!({"id": "public.schema", "variables": ["votes"]})).await;
    let public = with(card("c2", "public.schema", json!({"votes": "0"})), json!({"privateData": private}));
    sim.done(CREATE_AND_DELIVER, &to_group(public)).await;
    assert_eq!(sim.card("c2").await["views"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_call_brings_data_for_at_most_twenty_users() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    let for_users = |count: usize| {
        let users: Map<_, _> = (0..count).map(|n| (format!("u{n}"), json!({"cardParamMap": {"votes": "1"}}))).collect();
        json!({"outTrackId": "c1", "privateData": users})
    };
    sim.done_put(CREATE, &for_users(20)).await;
    assert_eq!(sim.put_refusal(CREATE, &for_users(21)).await, refused("param.invalid"));
    sim.order("settings", json!({"knownUsers": ["u0"]})).await;
    sim.done_put(CREATE, &for_users(1)).await;
    assert_eq!(sim.put_refusal(CREATE, &for_users(2)).await, refused("param.userIdNotExist"));
}

#[tokio::test]
async fn an_update_needs_a_card_and_something_to_say() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({})).await;
    let nothing = json!({"outTrackId": "c1"});
    assert_eq!(sim.put_refusal(CREATE, &nothing).await, refused("param.cardDataAndPrivateDataBothEmpty"));
    assert_eq!(sim.put_refusal(CREATE, &updated("c2", json!({}))).await, refused("param.cardNotExist"));
    assert_eq!(sim.put_refusal(CREATE, &updated("", json!({}))).await, refused("param.outTrackIdEmpty"));
}

#[tokio::test]
async fn another_app_has_cards_of_its_own() {
    let sim = Sim::with_cards().await;
    sim.card_in_group("c1", json!({"text": "mine"})).await;
    sim.order("apps", json!({"clientId": "ding-two", "clientSecret": "s2"})).await;
    let (_, token) = sim.post("/v1.0/oauth2/accessToken", json!({"appKey": "ding-two", "appSecret": "s2"})).await;
    let token = token["accessToken"].as_str().expect("a token");
    let delivery = json!({"outTrackId": "c1", "openSpaceId": "dtv1.card//IM_GROUP.cid1"});
    assert_eq!(sim.call_as(token, super::DELIVER, &delivery).await.1["code"], "param.cardNotExist");
    assert_eq!(sim.call_as(token, CREATE, &card("c1", TEMPLATE, json!({}))).await.0, 200);
}
