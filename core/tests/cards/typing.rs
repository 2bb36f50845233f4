//! A text that grows.

use dingstream::{CardButton, CardOptions, ErrorKind, Space};
use serde_json::{Value, json};

use crate::seen::{calls, card, cards, opened, opened_by, shown, with};
use crate::support::{InTime, World, wait_for};

#[test]
fn a_text_is_typed_and_ends_whole() {
    let world = World::new();
    let (_client, session) = opened(&world, CardOptions::new("Thinking…"));
    wait_for("the card", || !world.look("cards")["cards"].as_array().expect("cards").is_empty());
    assert_eq!(shown(&card(&world)), ("Thinking…", "inputing"));
    session.push("Hello, ").expect("open");
    wait_for("the first part", || shown(&card(&world)).0 == "Hello, ");
    session.push("**wor").expect("open");
    // What is open is closed for now.
    wait_for("the second part", || shown(&card(&world)).0 == "Hello, **wor**");
    session.push("ld**.").expect("open");
    let told = session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)), ("Hello, **world**.", "finished"));
    assert_eq!((told.text("/via").as_deref(), told.text("/state").as_deref()), (Some("card"), Some("finished")));
    assert_eq!(told.int("/calls"), Some(calls(&world).len() as i64));
    assert_eq!(told.text("/outTrackId").as_deref(), card(&world)["outTrackId"].as_str());
}

#[test]
fn a_person_alone_gets_it_in_the_conversation_with_the_robot() {
    let world = World::new();
    let (_client, session) =
        opened_by(&world, json!({ "conversationType": "1", "senderStaffId": "staff-7" }), CardOptions::new("…"));
    session.push("hi").expect("open");
    session.finish().in_time().expect("finished");
    let card = card(&world);
    assert_eq!(
        (&card["spaces"][0]["spaceType"], &card["spaces"][0]["spaceId"]),
        (&json!("IM_ROBOT"), &json!("staff-7"))
    );
    assert_eq!(shown(&card), ("hi", "finished"));
}

#[test]
fn a_space_can_be_typed_to_without_a_message() {
    let world = World::new();
    let client = dingstream::Client::new(world.bare_config()).expect("valid");
    let session = client.card(Space::group("cid-9"), CardOptions::new("…")).expect("opened");
    session.set("one").expect("open");
    session.set("two").expect("open");
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)), ("two", "finished"));
}

#[test]
fn buttons_come_at_the_end() {
    let world = World::new();
    let (_client, session) = opened(&world, CardOptions::new("…"));
    session.push("Like it?").expect("open");
    session.button(CardButton::action("Like", "like").color("blue")).expect("open");
    session.button(CardButton::link("Docs", "https://example.com")).expect("open");
    session.value("msgTitle", "A title").expect("open");
    session.finish().in_time().expect("finished");
    let card = card(&world);
    let objects: Value =
        serde_json::from_str(card["params"]["sys_full_json_obj"].as_str().expect("a text")).expect("JSON");
    assert_eq!(
        objects["msgButtons"],
        json!([
            { "text": "Like", "id": "like", "request": true, "color": "blue" },
            { "text": "Docs", "url": "https://example.com", "iosUrl": "https://example.com" },
        ])
    );
    assert_eq!((&card["params"]["msgTitle"], &card["params"]["flowStatus"]), (&json!("A title"), &json!("3")));
}

#[test]
fn a_template_of_ones_own_streams_its_own_variable() {
    let world = World::new();
    world
        .control("templates", json!({ "id": "mine.schema", "variables": ["answer", "model"], "markdown": ["answer"] }));
    let data = json!({ "model": { "name": "m" } }).as_object().cloned().expect("an object");
    let options = with(CardOptions::new("…"), |options| {
        options.template = "mine.schema".to_owned();
        options.key = "answer".to_owned();
        options.data = data;
    });
    let (_client, session) = opened(&world, options);
    session.push("42").expect("open");
    session.finish().in_time().expect("finished");
    let card = card(&world);
    assert_eq!((&card["params"]["answer"], &card["params"]["model"]), (&json!("42"), &json!(r#"{"name":"m"}"#)));
    assert_eq!(card["state"], "finished");
}

#[test]
fn a_long_text_goes_on_in_further_cards() {
    let world = World::new();
    let options = with(CardOptions::new("…"), |options| {
        options.max_chars = 100;
    });
    let (_client, session) = opened(&world, options);
    let text = "字".repeat(250);
    session.push(&text).expect("open");
    let told = session.finish().in_time().expect("finished");
    let cards = cards(&world);
    assert_eq!(cards.len(), 3);
    assert_eq!(cards.iter().map(|card| shown(card).0).collect::<String>(), text);
    assert!(cards.iter().all(|card| card["state"] == "finished"), "{cards:?}");
    assert_eq!(told.len("/outTrackIds"), Some(3));
}

#[test]
fn a_text_that_was_replaced_after_a_card_was_full_is_right_everywhere() {
    let world = World::new();
    let options = with(CardOptions::new("…"), |options| {
        options.max_chars = 100;
    });
    let (_client, session) = opened(&world, options);
    session.push(&"a".repeat(150)).expect("open");
    wait_for("a second card", || cards(&world).len() == 2);
    session.set(&"b".repeat(150)).expect("open");
    session.finish().in_time().expect("finished");
    let shown: Vec<_> = cards(&world).iter().map(|card| shown(card).0.to_owned()).collect();
    assert_eq!(shown, ["b".repeat(100), "b".repeat(50)]);
}

#[test]
fn what_is_too_large_is_halved_until_it_fits() {
    let world = World::new();
    world.control("settings", json!({ "cardStreamRule": "strict" }));
    let (_client, session) = opened(&world, CardOptions::new("…"));
    let text = "字".repeat(1000);
    session.push(&text).expect("open");
    session.finish().in_time().expect("finished");
    let cards = cards(&world);
    assert!(cards.len() > 1);
    assert_eq!(cards.iter().map(|card| shown(card).0).collect::<String>(), text);
    assert!(cards.iter().all(|card| card["state"] == "finished"), "{cards:?}");
}

#[test]
fn a_hundred_kilobytes_arrive_whole() {
    let world = World::new();
    let (_client, session) = opened(&world, CardOptions::new("…"));
    let text: String = (0..20_000).map(|number| format!("{number:04} ")).collect();
    session.push(&text).expect("open");
    session.finish().in_time().expect("finished");
    let shown: Vec<_> = cards(&world).iter().map(|card| shown(card).0.to_owned()).collect();
    assert!(shown.join(" ").trim_end() == text.trim_end(), "{} cards", shown.len());
}

#[test]
fn what_passes_never_takes_more_calls_than_were_given() {
    let world = World::new();
    let (_client, session) = opened(
        &world,
        with(CardOptions::new("…"), |options| {
            options.max_calls = 4;
        }),
    );
    session.push("one").expect("open");
    wait_for("the first part", || shown_now(&world) == "one");
    session.push(" two").expect("open");
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)).0, "one two");
    assert_eq!(calls(&world), ["createAndDeliver", "streaming", "streaming", "update"]);
}

fn shown_now(world: &World) -> String {
    cards(world).first().map(|card| shown(card).0.to_owned()).unwrap_or_default()
}

#[test]
fn options_that_can_not_work_are_refused() {
    let world = World::new();
    let client = dingstream::Client::new(world.bare_config()).expect("valid");
    let refused = |options: CardOptions| client.card(Space::group("c"), options).expect_err("refused").kind();
    for options in [
        with(CardOptions::default(), |options| {
            options.max_calls = 2;
        }),
        with(CardOptions::default(), |options| {
            options.max_chars = 99;
        }),
        with(CardOptions::default(), |options| {
            options.template = "t".to_owned();
        }),
        with(CardOptions::default(), |options| {
            options.key = "k".to_owned();
        }),
        with(CardOptions::default(), |options| {
            options.fallback = " ".to_owned();
        }),
    ] {
        assert_eq!(refused(options), ErrorKind::Config);
    }
}
