//! Clicks on cards, and what their answers make of the cards.

use serde_json::{Value, json};

use super::{CREATE, CREATE_AND_DELIVER, STREAMING, TEMPLATE, card, to_group, to_user, updated};
use crate::harness::{Bot, Sim, data, with};

async fn click(sim: &Sim, more: Value) -> Value {
    sim.order("push", with(json!({"kind": "card", "outTrackId": "c1"}), more)).await
}

/// A click of u1, and its answer.
async fn clicked(sim: &Sim, bot: &mut Bot, response: Value) -> Value {
    let clicks = sim.records_now("kind=card&op=click").await.len();
    click(sim, json!({"user": "u1"})).await;
    let frame = bot.frame().await;
    bot.answer(&frame, 200, json!({"response": response})).await;
    sim.records(&format!("kind=card&op=click&count={}", clicks + 1)).await.pop().expect("a click")
}

fn last_view(card: &Value) -> &Value {
    card["views"].as_array().and_then(|views| views.last()).expect("a view")
}

#[tokio::test]
async fn a_click_carries_who_clicked_where_and_what() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    let card = with(to_group(card("c1", TEMPLATE, json!({}))), json!({"userIdType": 2}));
    sim.done(CREATE_AND_DELIVER, &card).await;
    let pushed = click(&sim, json!({"user": "u1", "actionId": "like", "params": {"n": "1"}})).await;
    assert_eq!(pushed["delivered"], true);
    let callback = data(&bot.frame().await);
    assert_eq!((&callback["userId"], &callback["userIdType"]), (&json!("u1"), &json!(2)));
    assert_eq!((&callback["spaceId"], &callback["spaceType"]), (&json!("cid1"), &json!("im")));
    let content: Value = serde_json::from_str(callback["content"].as_str().expect("a text")).expect("JSON");
    assert_eq!(content["cardPrivateData"], json!({"actionIds": ["like"], "params": {"n": "1"}}));
}

#[tokio::test]
async fn the_user_alone_with_the_robot_is_the_one_who_clicks() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.done(CREATE_AND_DELIVER, &to_user(card("c1", TEMPLATE, json!({})))).await;
    click(&sim, json!({})).await;
    assert_eq!(data(&bot.frame().await)["userId"], "u1");
}

#[tokio::test]
async fn nobody_hears_of_a_click_without_callback_type_stream() {
    let sim = Sim::with_cards().await;
    let _bot = sim.any_bot().await;
    let silent = with(card("c1", TEMPLATE, json!({})), json!({"callbackType": null}));
    sim.done(CREATE_AND_DELIVER, &to_group(silent)).await;
    let pushed = click(&sim, json!({})).await;
    assert_eq!((&pushed["delivered"], &pushed["why"]), (&json!(false), &json!("c1 has no callbackType STREAM")));
    assert!(sim.records_now("kind=push").await.is_empty());
}

#[tokio::test]
async fn only_who_sees_a_card_can_click_it() {
    let sim = Sim::with_cards().await;
    let _bot = sim.any_bot().await;
    let model = json!({"imGroupOpenDeliverModel": {"robotCode": "ding-demo", "recipients": ["u1"]}});
    sim.done(CREATE_AND_DELIVER, &with(to_group(card("c1", TEMPLATE, json!({}))), model)).await;
    for (who, heard) in
        [(json!({"user": "u1"}), true), (json!({"user": "u2"}), false), (json!({"user": "u1", "space": "cid2"}), false)]
    {
        let pushed = click(&sim, who).await;
        assert_eq!((&pushed["delivered"], pushed["why"].is_string()), (&json!(heard), !heard));
    }
}

#[tokio::test]
async fn card_data_in_an_answer_reaches_only_who_clicked() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({"text": "hi", "votes": "0"})).await;
    let response = json!({
        "cardUpdateOptions": {"updateCardDataByKey": true},
        "cardData": {"cardParamMap": {"votes": "1"}},
    });
    let record = clicked(&sim, &mut bot, response.clone()).await;
    assert_eq!((&record["applied"], &record["user"], &record["body"]), (&json!(true), &json!("u1"), &response));
    let card = sim.card("c1").await;
    assert_eq!(card["params"], json!({"text": "hi", "votes": "0"}));
    let view = last_view(&card);
    assert_eq!((&view["op"], &view["user"]), (&json!("click"), &json!("u1")));
    assert_eq!(view["params"], json!({"text": "hi", "votes": "1"}));

    clicked(&sim, &mut bot, json!({"cardData": {"cardParamMap": {"votes": "2"}}})).await;
    assert_eq!(last_view(&sim.card("c1").await)["params"], json!({"votes": "2"}));
}

#[tokio::test]
async fn private_data_in_an_answer_is_that_of_who_clicked() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({"text": "hi"})).await;
    clicked(&sim, &mut bot, json!({"userPrivateData": {"cardParamMap": {"votes": "1"}}})).await;
    let card = sim.card("c1").await;
    assert_eq!(card["users"], json!({"u1": {"votes": "1"}}));
    assert_eq!(last_view(&card)["params"], json!({"text": "hi", "votes": "1"}));
}

#[tokio::test]
async fn what_comes_after_a_click_reaches_who_clicked_too() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({"text": "hi", "votes": "0"})).await;
    let by_key = json!({"cardUpdateOptions": {"updateCardDataByKey": true}});
    clicked(&sim, &mut bot, with(json!({"cardData": {"cardParamMap": {"votes": "1"}}}), by_key.clone())).await;
    sim.done_put(CREATE, &with(updated("c1", json!({"text": "later"})), by_key)).await;
    assert_eq!(last_view(&sim.card("c1").await)["params"], json!({"text": "later", "votes": "1"}));
    sim.done_put(STREAMING, &json!({"outTrackId": "c1", "guid": "g", "key": "votes", "content": "9"})).await;
    assert_eq!(last_view(&sim.card("c1").await)["params"], json!({"text": "later", "votes": "09"}));
    sim.done_put(CREATE, &updated("c1", json!({"text": "last"}))).await;
    let card = sim.card("c1").await;
    assert_eq!((&last_view(&card)["user"], &last_view(&card)["params"]), (&json!("u1"), &json!({"text": "last"})));
}

#[tokio::test]
async fn an_answer_that_says_nothing_good_changes_nothing() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({"text": "hi"})).await;
    for (response, why) in [
        (json!({}), "it changes nothing"),
        (json!({"privateData": {"u1": {"cardParamMap": {"votes": "1"}}}}), "it changes nothing"),
        (json!({"cardData": {"cardParamMap": {"votes": 1}}}), "a value is no string"),
        (json!({"cardUpdateOptions": 1}), "its options can't be read"),
    ] {
        let record = clicked(&sim, &mut bot, response).await;
        assert_eq!((&record["applied"], &record["why"]), (&json!(false), &json!(why)));
    }
    click(&sim, json!({})).await;
    let frame = bot.frame().await;
    bot.answer(&frame, 500, json!({"response": {"cardData": {"cardParamMap": {"votes": "1"}}}})).await;
    assert_eq!(sim.records("kind=card&op=click&count=5").await[4]["why"], "its code is not 200");
    assert_eq!(sim.card("c1").await["views"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_answer_after_two_seconds_is_too_late() {
    let sim = Sim::with_cards().await;
    sim.order("settings", json!({"clickTimeoutMs": null})).await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({})).await;
    click(&sim, json!({})).await;
    let frame = bot.frame().await;
    sim.order("clock", json!({"advance": 2_001})).await;
    bot.answer(&frame, 200, json!({"response": {"cardData": {"cardParamMap": {"votes": "1"}}}})).await;
    let record = sim.record("kind=card&op=click").await;
    assert_eq!((&record["applied"], &record["why"]), (&json!(false), &json!("it came too late")));
    assert!(record["afterMs"].as_u64().is_some_and(|ms| ms > 2_000));
}

#[tokio::test]
async fn a_click_finds_the_app_whose_card_it_is() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    sim.card_in_group("c1", json!({})).await;
    sim.order("apps", json!({"clientId": "ding-two", "clientSecret": "s2"})).await;
    click(&sim, json!({})).await;
    assert_eq!(data(&bot.frame().await)["outTrackId"], "c1");
}

#[tokio::test]
async fn a_card_asks_for_its_dynamic_data_on_the_topic_of_cards() {
    let sim = Sim::with_cards().await;
    let mut bot = sim.any_bot().await;
    click(&sim, json!({"dynamic": ["s1", "s2"], "user": "u1"})).await;
    let frame = bot.frame().await;
    assert_eq!(frame["headers"]["topic"], "/v1.0/card/instances/callback");
    let query = data(&frame);
    assert_eq!((&query["type"], &query["outTrackId"]), (&json!("dynamicDataCallback"), &json!("c1")));
    let content: Value = serde_json::from_str(query["content"].as_str().expect("a text")).expect("JSON");
    let sources = json!([{"dynamicDataSourceId": "s1"}, {"dynamicDataSourceId": "s2"}]);
    assert_eq!(content["dynamicDataSourceQueryRequests"], sources);
}
