//! The bodies of the calls, as the documents print them (0778, 0782, 0783).

use serde_json::{Value, json};

use super::{Card, CardButton, CardChange, Space};
use crate::card::CardOptions;

const ROBOT: &str = "robot-1";

fn card() -> Card {
    Card::new("t.schema").track_id("id-1").value("string", "字符串").value("boolean", true).value("number", 1)
}

/// What every card says of itself.
fn created(more: Value) -> Value {
    let mut body = json!({
        "cardTemplateId": "t.schema",
        "outTrackId": "id-1",
        "callbackType": "STREAM",
        "cardData": { "cardParamMap": { "string": "字符串", "boolean": "true", "number": "1" } },
        "userIdType": 1,
    });
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
    body
}

fn sent(card: &Card) -> Value {
    card.creating_and_delivering(ROBOT).expect("valid")
}

#[test]
fn each_space_has_its_models() {
    for (space, more) in [
        (
            Space::robot("u1"),
            json!({
                "openSpaceId": "dtv1.card//IM_ROBOT.u1",
                "imRobotOpenSpaceModel": { "supportForward": true },
                "imRobotOpenDeliverModel": { "spaceType": "IM_ROBOT" },
            }),
        ),
        (
            Space::group("cid"),
            json!({
                "openSpaceId": "dtv1.card//IM_GROUP.cid",
                "imGroupOpenSpaceModel": { "supportForward": true },
                "imGroupOpenDeliverModel": { "robotCode": ROBOT },
            }),
        ),
        (
            Space::top("cid", 1_739_795_765_042),
            json!({
                "openSpaceId": "dtv1.card//ONE_BOX.cid",
                "topOpenSpaceModel": { "spaceType": "ONE_BOX" },
                "topOpenDeliverModel": { "expiredTimeMillis": 1_739_795_765_042_u64 },
            }),
        ),
        (
            Space::single("cid"),
            json!({
                "openSpaceId": "dtv1.card//IM_SINGLE.cid",
                "imSingleOpenSpaceModel": { "supportForward": true },
                "imSingleOpenDeliverModel": {},
            }),
        ),
        (Space::other("NEW_KIND", "x"), json!({ "openSpaceId": "dtv1.card//NEW_KIND.x" })),
    ] {
        assert_eq!(sent(&card().space(space)), created(more));
    }
}

#[test]
fn several_spaces_stand_beside_each_other_and_fields_of_ones_own_win() {
    let body = sent(
        &card()
            .space(Space::group("cid").at("@ALL", "@ALL").with("robotCode", "other".into()))
            .space(Space::robot("u1"))
            .with("openDynamicDataConfig", json!({ "a": 1 }))
            .with("userIdType", 2.into()),
    );
    assert_eq!(body["openSpaceId"], "dtv1.card//IM_GROUP.cid;IM_ROBOT.u1");
    assert_eq!(body["imGroupOpenDeliverModel"], json!({ "robotCode": "other", "atUserIds": { "@ALL": "@ALL" } }));
    assert_eq!((&body["openDynamicDataConfig"], &body["userIdType"]), (&json!({ "a": 1 }), &json!(2)));
}

#[test]
fn what_it_says_of_itself_goes_into_every_space() {
    let body = sent(
        &card()
            .last_message("你好", "hello")
            .notification("look")
            .search("@icon", "报表", "of today")
            .forwardable(false)
            .space(Space::group("cid")),
    );
    assert_eq!(
        body["imGroupOpenSpaceModel"],
        json!({
            "supportForward": false,
            "lastMessageI18n": { "ZH_CN": "你好", "EN_US": "hello" },
            "notification": { "alertContent": "look" },
            "searchSupport": {
                "searchIcon": "@icon",
                "searchTypeName": r#"{"zh_CN":"报表","en_US":"报表"}"#,
                "searchDesc": "of today",
            },
        })
    );
    assert_eq!(
        sent(&card().silent().space(Space::robot("u")))["imRobotOpenSpaceModel"]["notification"],
        json!({ "notificationOff": true })
    );
}

#[test]
fn a_callback_route_is_http() {
    let body = sent(&card().callback_route("route").space(Space::robot("u")));
    assert_eq!((&body["callbackType"], &body["callbackRouteKey"]), (&json!("HTTP"), &json!("route")));
}

#[test]
fn a_change_names_what_changes_unless_it_is_whole() {
    let change = CardChange::of("id-1").value("a", 1).private_value("u1", "b", json!([2]));
    assert_eq!(
        change.body().expect("valid"),
        json!({
            "outTrackId": "id-1",
            "cardData": { "cardParamMap": { "a": "1" } },
            "privateData": { "u1": { "cardParamMap": { "b": "[2]" } } },
            "cardUpdateOptions": { "updateCardDataByKey": true, "updatePrivateDataByKey": true },
        })
    );
    assert!(change.whole().body().expect("valid").get("cardUpdateOptions").is_none());
}

/// The bodies that the official Python SDK sends for them (`card_instance.py`).
#[test]
fn public_templates_are_the_same_by_builder_and_by_word() {
    let buttons = || [CardButton::link("b", "https://e").color("blue"), CardButton::action("c", "1")];
    let given = json!([{ "text": "b", "url": "https://e", "color": "blue" }, { "text": "c", "id": "1" }]);
    let built = [
        Card::markdown("t", "m"),
        Card::markdown_buttons("m", "x", buttons()),
        Card::ai_markdown("m", buttons()),
        Card::carousel("m", [("s".to_owned(), "@i".to_owned())], "Choose"),
    ];
    let named = [
        json!({ "template": "markdown", "data": { "title": "t", "markdown": "m" } }),
        json!({ "template": "markdown_buttons", "data": { "markdown": "m", "tips": "x", "buttons": given } }),
        json!({ "template": "ai_markdown", "data": { "markdown": "m", "buttons": given } }),
        json!({
            "template": "carousel",
            "data": { "markdown": "m", "slides": [{ "title": "s", "image": "@i" }], "button": "Choose" },
        }),
    ];
    for (built, named) in built.into_iter().zip(named) {
        let named = Card::from_json(&named.to_string()).expect("valid").track_id("id");
        assert_eq!(built.track_id("id").creating().expect("valid"), named.creating().expect("valid"));
    }
    let card = Card::ai_markdown("m", buttons()).creating().expect("valid");
    let objects: Value =
        serde_json::from_str(card["cardData"]["cardParamMap"]["sys_full_json_obj"].as_str().expect("a text"))
            .expect("JSON");
    assert_eq!(
        objects["msgButtons"],
        json!([
            { "text": "b", "url": "https://e", "iosUrl": "https://e", "color": "blue" },
            { "text": "c", "id": "1", "request": true },
        ])
    );
}

#[test]
fn no_dump_shows_a_value() {
    let space = Space::group("c").at("u", "planted");
    let (button, options) = (CardButton::link("planted", "planted"), CardOptions::new("planted"));
    let (card, change) = (card().value("a", "planted"), CardChange::of("id").value("a", "planted"));
    let shown = format!("{card:?} {change:?} {space:?} {button:?} {options:?}");
    assert!(!shown.contains("planted"), "{shown}");
}
