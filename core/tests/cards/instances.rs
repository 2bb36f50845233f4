//! Cards that do not stream: their calls, and what answers their clicks.

use dingstream::openapi::card::MARKDOWN;
use dingstream::{Card, CardChange, CardResponse, Client, ErrorKind, Space, Target};
use serde_json::{Value, json};

use crate::seen::{card, cards};
use crate::support::{InTime, World, next};

const TEMPLATE: &str = "mine.schema";

fn world() -> World {
    let world = World::new();
    let template = json!({ "id": TEMPLATE, "variables": ["title", "count", "list"], "privateData": true });
    world.control("templates", template);
    // Clicks are answered in time, however slow the machine is.
    world.control("settings", json!({ "clickTimeoutMs": 60_000 }));
    world
}

fn client(world: &World) -> Client {
    Client::new(world.bare_config()).expect("valid")
}

fn params(card: &Value) -> &Value {
    &card["spaces"][0]["params"]
}

#[test]
fn a_card_is_sent_updated_and_read() {
    let world = world();
    let client = client(&world);
    let sent = Card::new(TEMPLATE)
        .value("title", "t")
        .value("count", 1)
        .value("list", json!([{ "a": true }]))
        .private_value("u1", "title", "for you")
        .space(Space::group("cid-1").at("@ALL", "@ALL").recipients(["u1".to_owned(), "u2".to_owned()]))
        .space(Space::robot("u1"));
    let told = client.card_send(sent).in_time().expect("sent");
    assert_eq!(told.len("/deliverResults"), Some(2));
    assert!(told.text("/deliverResults/0/carrierId").is_some_and(|key| !key.is_empty()));
    assert_eq!(params(&card(&world)), &json!({ "title": "t", "count": "1", "list": r#"[{"a":true}]"# }));
    let id = told.text("/outTrackId").expect("an id").into_owned();

    client.card_update(CardChange::of(&id).value("count", 2)).in_time().expect("updated");
    assert_eq!((&params(&card(&world))["title"], &params(&card(&world))["count"]), (&json!("t"), &json!("2")));
    client.card_update(CardChange::of(&id).value("title", "alone").whole()).in_time().expect("updated");
    assert_eq!(params(&card(&world)), &json!({ "title": "alone" }));
}

#[test]
fn a_card_is_created_given_spaces_and_delivered() {
    let world = world();
    let client = client(&world);
    let card_of = |space| Card::new(TEMPLATE).track_id("t-1").value("title", "t").space(space);
    client.card_create(card_of(Space::group("cid-1"))).in_time().expect("created");
    client.card_deliver(card_of(Space::group("cid-1"))).in_time().expect("delivered");
    client.card_add_spaces(card_of(Space::top("cid-1", u64::MAX / 2))).in_time().expect("added");
    client.card_deliver(card_of(Space::top("cid-1", 4_000_000_000_000))).in_time().expect("delivered");
    let spaces = card(&world)["spaces"].as_array().cloned().expect("spaces");
    assert_eq!(spaces.iter().map(|space| space["spaceType"].clone()).collect::<Vec<_>>(), ["IM_GROUP", "ONE_BOX"]);
    client.card_close_top("t-1", "cid-1").in_time().expect("closed");
    assert_eq!(card(&world)["spaces"][1]["closed"], true);
}

#[test]
fn what_was_delivered_nowhere_is_an_error_and_somewhere_a_result() {
    let world = world();
    world.control("settings", json!({ "failedSpaces": ["cid-x"] }));
    let client = client(&world);
    let nowhere = Card::new(TEMPLATE).value("title", "t").space(Space::group("cid-x"));
    let error = client.card_send(nowhere.clone()).in_time().expect_err("nowhere");
    assert!(error.kind() == ErrorKind::Rejected && error.message().contains("system.busy"), "{error}");
    let somewhere = Card::new(TEMPLATE).value("title", "t").space(Space::group("cid-x")).space(Space::group("cid-y"));
    let told = client.card_send(somewhere).in_time().expect("somewhere");
    assert_eq!(
        (told.bool("/deliverResults/0/success"), told.bool("/deliverResults/1/success")),
        (Some(false), Some(true))
    );
}

#[test]
fn what_can_not_be_sent_is_refused_with_what_to_do() {
    let world = world();
    let client = client(&world);
    let refused = |card: Card| client.card_send(card).in_time().expect_err("refused");
    let at = || Space::group("cid");
    for (card, kind, part) in [
        (Card::new(""), ErrorKind::Argument, "no template"),
        (Card::new("StandardCard").space(at()), ErrorKind::Argument, "StandardCard"),
        (Card::new(TEMPLATE), ErrorKind::Argument, "no space"),
        (Card::new(TEMPLATE).space(Space::group("")), ErrorKind::Argument, "no id"),
        (Card::new(TEMPLATE).track_id("x".repeat(101)).space(at()), ErrorKind::Argument, "outTrackId"),
        (Card::new(TEMPLATE).space(Space::other("ONE_BOX", "c")), ErrorKind::Argument, "needs an end"),
        (Card::new("unknown.schema").space(at()), ErrorKind::NotFound, "no such card template"),
    ] {
        let error = refused(card);
        assert!(error.kind() == kind && error.message().contains(part), "{error}");
    }
    world.control("templates", json!({ "id": "draft.schema", "variables": ["a"], "published": false }));
    assert!(refused(Card::new("draft.schema").space(at())).message().contains("not published"));
    let twice = Card::new(TEMPLATE).track_id("same").value("title", "t").space(at());
    client.card_send(twice.clone()).in_time().expect("sent");
    assert!(refused(twice).message().contains("created before"));
    let nothing = client.card_update(CardChange::of("same")).in_time().expect_err("refused");
    assert_eq!(nothing.kind(), ErrorKind::Argument);
    let unknown = client.card_update(CardChange::of("nobody's").value("title", "t")).in_time().expect_err("refused");
    assert_eq!(unknown.kind(), ErrorKind::NotFound);
}

#[test]
fn public_templates_are_named_by_a_word() {
    let world = World::new();
    let client = client(&world);
    for card in [
        json!({ "template": "markdown", "data": { "title": "t", "markdown": "m" } }),
        json!({ "template": "markdown_buttons", "data": { "markdown": "m", "tips": "x", "buttons": [{ "text": "b", "url": "https://e" }] } }),
        json!({ "template": "ai_markdown", "data": { "markdown": "m", "buttons": [{ "text": "b", "id": "i" }] } }),
        json!({ "template": "carousel", "data": { "markdown": "m", "slides": [{ "title": "s", "image": "@i" }], "button": "Choose" } }),
    ] {
        let mut card = card;
        card["spaces"] = json!([{ "type": "IM_GROUP", "id": "cid" }]);
        client.card_send(Card::from_json(&card.to_string()).expect("valid")).in_time().expect("sent");
    }
    let shown = cards(&world);
    assert_eq!((&shown[0]["template"], &params(&shown[0])["markdown"]), (&json!(MARKDOWN), &json!("m")));
    assert_eq!(params(&shown[2])["flowStatus"], "3");
    let objects = |card: &Value| params(card)["sys_full_json_obj"].as_str().expect("a text").to_owned();
    assert!(objects(&shown[1]).contains(r#""url":"https://e""#));
    assert!(objects(&shown[3]).contains("image_slider_select_button"));
    let unknown = json!({ "template": "markdown", "data": { "text": "m" } });
    assert!(Card::from_json(&unknown.to_string()).expect_err("refused").hint_names("title"));
}

trait Hint {
    fn hint_names(&self, part: &str) -> bool;
}

impl Hint for dingstream::Error {
    fn hint_names(&self, part: &str) -> bool {
        self.advice().contains(part)
    }
}

#[test]
fn a_click_changes_the_card_for_the_one_who_clicked() {
    let world = world();
    let client = world.connected(world.config());
    let sent = Card::new(TEMPLATE).track_id("t-1").value("title", "t").value("count", 0).space(Space::group("cid"));
    client.card_send(sent).in_time().expect("sent");
    world.push(json!({ "kind": "card", "outTrackId": "t-1", "user": "u1", "actionId": "like", "params": { "n": 1 } }));
    let action = dingstream::CardAction::from(std::sync::Arc::new(next(client.queue())));
    assert_eq!(action.action_ids(), Some(json!(["like"])));
    assert_eq!((action.user_id().as_deref(), action.params()), (Some("u1"), Some(json!({ "n": 1 }))));
    action.ok(CardResponse::new().value("count", 1).to_json()).expect("settled");
    assert_eq!(world.records("card&op=click", 1)[0]["applied"], true);
    assert_eq!(params(&card(&world))["count"], "0");
    assert_eq!(card(&world)["views"].as_array().expect("views").last().expect("a view")["params"]["count"], "1");
}

#[test]
fn a_card_with_a_callback_route_is_not_clicked_over_stream() {
    let world = world();
    let client = world.connected(world.config());
    let registered = client.card_register_callback("route", "https://example.com/c", "planted-secret", true);
    let told = registered.in_time().expect("registered");
    assert!(!told.as_str().contains("planted-secret"));
    let sent = Card::new(TEMPLATE).track_id("t-1").value("title", "t").callback_route("route").space(Space::group("c"));
    client.card_send(sent).in_time().expect("sent");
    assert_eq!(world.push(json!({ "kind": "card", "outTrackId": "t-1" }))["delivered"], false);
}

#[test]
fn an_ordinary_card_is_sent_and_replaced() {
    let world = World::new();
    let client = client(&world);
    let body = |text: &str| json!({ "contents": [{ "type": "markdown", "text": text, "id": "1" }] });
    let told = client.standard_card_send(Target::Group("cid".to_owned()), "biz-1", body("a")).in_time().expect("sent");
    assert_eq!(told.text("/cardBizId").as_deref(), Some("biz-1"));
    client.standard_card_update("biz-1", body("b")).in_time().expect("updated");
    assert!(card(&world)["params"]["cardData"].as_str().expect("a text").contains(r#""text":"b""#));
    let stream = json!({ "callbackType": "STREAM" });
    let error = client.standard_card_send(Target::Users(vec!["u".to_owned()]), "b", stream).in_time();
    assert!(error.expect_err("refused").message().contains("no Stream callback"));
}
