//! Bringing cards into spaces.

use serde_json::{Value, json};

use super::{CREATE, CREATE_AND_DELIVER, DELIVER, SPACES, TEMPLATE, card, refused, to_group, to_user};
use crate::harness::{Sim, with};

fn new_card(id: &str) -> Value {
    card(id, TEMPLATE, json!({"text": "hi"}))
}

#[tokio::test]
async fn a_card_comes_into_several_spaces_each_carried_by_a_message() {
    let sim = Sim::with_cards().await;
    sim.done(CREATE, &new_card("c1")).await;
    let both = with(
        to_user(to_group(json!({"outTrackId": "c1"}))),
        json!({"openSpaceId": "dtv1.card://im_group.cid1;im_robot.u1;"}),
    );
    let results = sim.done(DELIVER, &both).await;
    let [group, robot] = results.as_array().expect("a plain list").as_slice() else { panic!("two results: {results}") };
    assert_eq!((&group["spaceType"], &group["spaceId"]), (&json!("IM_GROUP"), &json!("cid1")));
    assert_eq!((&robot["spaceType"], &robot["spaceId"]), (&json!("IM_ROBOT"), &json!("u1")));
    assert_eq!((&robot["success"], &robot["errorMsg"]), (&json!(true), &json!("")));
    let spaces = sim.card("c1").await["spaces"].clone();
    assert_eq!((&spaces[0]["carrierId"], &spaces[1]["carrierId"]), (&group["carrierId"], &robot["carrierId"]));
    assert_eq!((&spaces[0]["recipients"], &spaces[1]["recipients"]), (&json!(null), &json!(["u1"])));
    sim.order("read", json!({"processQueryKey": group["carrierId"], "users": ["u1"]})).await;
}

#[tokio::test]
async fn a_space_fails_for_itself_inside_an_answer_of_200() {
    let sim = Sim::with_cards().await;
    sim.order("settings", json!({"failedSpaces": ["cid1"], "knownUsers": ["u2"]})).await;
    let both = json!({"openSpaceId": "dtv1.card//IM_GROUP.cid1;IM_ROBOT.u2;IM_ROBOT.nobody"});
    let result = sim.done(CREATE_AND_DELIVER, &with(to_user(to_group(new_card("c1"))), both)).await;
    let results = &result["deliverResults"];
    let told: Vec<_> = (0..3).map(|at| (&results[at]["success"], &results[at]["errorMsg"])).collect();
    let (failed, unknown) = (json!("system.busy"), json!("param.userIdNotExist"));
    assert_eq!(told, [(&json!(false), &failed), (&json!(true), &json!("")), (&json!(false), &unknown)]);
    assert_eq!(results[0]["carrierId"], "");
    assert_eq!(sim.card("c1").await["spaces"].as_array().map(Vec::len), Some(1));
    let record = sim.record("kind=card&op=createAndDeliver").await;
    assert_eq!(&record["deliverResults"], results);
}

#[tokio::test]
async fn a_card_that_no_space_took_is_there_all_the_same() {
    let sim = Sim::with_cards().await;
    sim.order("settings", json!({"knownConversations": []})).await;
    let result = sim.done(CREATE_AND_DELIVER, &to_group(new_card("c1"))).await;
    assert_eq!(result["deliverResults"][0]["errorMsg"], "param.conversationIdInvalid");
    let card = sim.card("c1").await;
    assert_eq!((&card["state"], &card["views"]), (&json!("created"), &json!([])));
}

#[tokio::test]
async fn a_card_must_have_the_model_of_a_space_before_it_comes_there() {
    let sim = Sim::with_cards().await;
    let bare = with(new_card("c1"), json!({"imGroupOpenSpaceModel": null, "imRobotOpenSpaceModel": null}));
    sim.done(CREATE, &bare).await;
    let delivery = to_group(json!({"outTrackId": "c1"}));
    assert_eq!(sim.refusal(DELIVER, &delivery).await, refused("param.openSpaceModelInvalid"));
    assert_eq!(sim.put_refusal(SPACES, &json!({"outTrackId": "c1"})).await, refused("param.emptyAppendSpaces"));
    let space = json!({"outTrackId": "c1", "imGroupOpenSpaceModel": {"supportForward": false}});
    assert_eq!(sim.done_put(SPACES, &space).await, true);
    assert_eq!(sim.done(DELIVER, &delivery).await[0]["success"], true);
    let unknown = with(space, json!({"outTrackId": "c2"}));
    assert_eq!(sim.put_refusal(SPACES, &unknown).await, refused("param.cardNotExist"));
}

#[tokio::test]
async fn a_wrong_delivery_is_refused_as_a_whole() {
    let sim = Sim::with_cards().await;
    sim.done(CREATE, &new_card("c1")).await;
    for (other, code) in [
        (json!({"outTrackId": null}), "param.outTrackIdEmpty"),
        (json!({"outTrackId": "c2"}), "param.cardNotExist"),
        (json!({"openSpaceId": ""}), "param.openSpaceIdEmpty"),
        (json!({"openSpaceId": "IM_GROUP.cid1"}), "param.openSpaceIdInvalid"),
        (json!({"openSpaceId": "dtv1.card//IM_GROUP.cid1;DOC.d1"}), "param.openSpaceIdInvalid"),
        (json!({"imGroupOpenDeliverModel": null}), "param.openDeliverModelEmpty"),
        (json!({"openSpaceId": "dtv1.card//IM_ROBOT.u1"}), "param.spaceDeliverModelEmpty"),
        (json!({"imGroupOpenDeliverModel": {"recipients": ["u1"]}}), "param.openDeliverModelError"),
        (json!({"imGroupOpenDeliverModel": {"robotCode": "another"}}), "param.openDeliverModelError"),
    ] {
        let delivery = with(to_group(json!({"outTrackId": "c1"})), other);
        assert_eq!(sim.refusal(DELIVER, &delivery).await, refused(code), "{delivery}");
    }
    let empty = json!({"openSpaceId": "dtv1.card//IM_ROBOT.u1", "imRobotOpenDeliverModel": {}});
    let empty = with(json!({"outTrackId": "c1"}), empty);
    let (status, answer) = sim.call(DELIVER, &empty).await;
    assert_eq!((status, &answer["message"]), (400, &json!("param.spaceDeliverModelError")));
    assert_eq!(
        sim.refusal(CREATE_AND_DELIVER, &with(to_group(new_card("c2")), json!({"openSpaceId": "x"}))).await.0,
        400
    );
    let (status, _) = sim.post("/_sim/cards/forget", json!({"outTrackId": "c2"})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_chat_of_two_people_takes_a_card_too() {
    let sim = Sim::with_cards().await;
    let single = json!({
        "openSpaceId": "dtv1.card//IM_SINGLE.cid2",
        "imSingleOpenSpaceModel": {},
        "imSingleOpenDeliverModel": {},
    });
    let result = sim.done(CREATE_AND_DELIVER, &with(new_card("c1"), single)).await;
    assert_eq!(result["deliverResults"][0]["spaceType"], "IM_SINGLE");
    assert!(result["deliverResults"][0]["carrierId"].as_str().is_some_and(|key| !key.is_empty()));
}

#[tokio::test]
async fn what_carries_a_card_is_recalled_like_any_message() {
    let sim = Sim::with_cards().await;
    let result = sim.done(CREATE_AND_DELIVER, &to_group(new_card("c1"))).await;
    let key = &result["deliverResults"][0]["carrierId"];
    let recall = json!({"robotCode": "ding-demo", "openConversationId": "cid1", "processQueryKeys": [key]});
    let (_, recalled) = sim.call("/v1.0/robot/groupMessages/recall", &recall).await;
    assert_eq!(recalled["successResult"], json!([key]));
    let space = sim.card("c1").await["spaces"][0].clone();
    assert_eq!((&space["recalled"], &space["blank"], &space["params"]), (&json!(true), &json!(true), &json!({})));
}
