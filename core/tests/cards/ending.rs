//! Every session ends, whatever happens.

use std::time::Duration;

use dingstream::{CardOptions, CardSession, Client, ErrorKind, Space};
use serde_json::json;

use crate::seen::{card, cards, opened, opened_by, opened_on, shown, with};
use crate::support::{InTime, NEVER, World, gated, wait_for};

const FALLBACK: &str = "gone wrong";

fn options() -> CardOptions {
    with(CardOptions::new("Thinking…"), |options| {
        options.fallback = FALLBACK.to_owned();
    })
}

#[test]
fn a_session_that_is_dropped_fails_with_its_fallback() {
    let world = World::new();
    let (_client, session) = opened(&world, options());
    session.push("half an ans").expect("open");
    drop(session);
    wait_for("the end", || cards(&world).first().is_some_and(|card| card["state"] == "failed"));
    assert_eq!(shown(&card(&world)), (FALLBACK, "failed"));
}

#[test]
fn it_fails_with_a_text_of_ones_own() {
    let world = World::new();
    let (_client, session) = opened(&world, options());
    session.push("half").expect("open");
    let told = session.fail("no model answers").in_time().expect("ended");
    assert_eq!(shown(&card(&world)), ("no model answers", "failed"));
    assert_eq!(told.text("/state").as_deref(), Some("failed"));
}

#[test]
fn after_the_end_nothing_is_taken() {
    let world = World::new();
    let (_client, session) = opened(&world, options());
    session.push("x").expect("open");
    let (first, second, third) = (session.finish(), session.finish(), session.fail(""));
    assert_eq!(session.push("y").expect_err("ended").kind(), ErrorKind::Answered);
    first.in_time().expect("finished");
    for again in [second, third] {
        assert_eq!(again.in_time().expect_err("ended").kind(), ErrorKind::Answered);
    }
    assert_eq!(shown(&card(&world)), ("x", "finished"));
}

#[test]
fn where_nothing_was_said_the_first_text_stays_and_else_the_fallback() {
    let world = World::new();
    let (_client, session) = opened(&world, options());
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)), ("Thinking…", "finished"));
    let (_client, session) = opened(
        &world,
        with(CardOptions::default(), |options| {
            options.fallback = FALLBACK.to_owned();
        }),
    );
    session.push(" \n").expect("open");
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&cards(&world)[1]), (FALLBACK, "finished"));
}

#[test]
fn a_stop_ends_what_is_open_and_waits_for_it() {
    let world = World::new();
    let client = world.connected(world.config());
    let session = opened_on(&world, &client, json!({ "senderStaffId": "s" }), options());
    session.push("half").expect("open");
    client.stop(Duration::from_secs(20)).in_time().expect("stopped");
    assert_eq!(shown(&card(&world)), (FALLBACK, "failed"));
    assert_eq!(session.push("more").expect_err("ended").kind(), ErrorKind::Answered);
}

#[test]
fn a_stop_ends_what_a_client_opened_that_was_never_started() {
    let world = World::new();
    let client = dingstream::Client::new(world.bare_config()).expect("valid");
    let session = client.card(Space::group("cid"), options()).expect("opened");
    session.push("half").expect("open");
    client.stop(Duration::from_secs(20)).in_time().expect("stopped");
    assert_eq!(shown(&card(&world)), (FALLBACK, "failed"));
}

#[test]
fn a_stop_lets_a_handler_finish_its_card_while_there_is_time() {
    let world = World::new();
    let client = dingstream::Client::new(world.bare_config()).expect("valid");
    let gate = gated(&client);
    let running = crate::support::Running::new(client);
    world.push(json!({ "kind": "message", "msgtype": "text", "text": "x" }));
    wait_for("the handler", || running.client.stats().in_flight == 1);
    let session = running.client.card(Space::group("cid"), options()).expect("opened");
    let stop = running.client.stop(Duration::from_secs(20));
    session.push("whole").expect("open");
    session.finish().in_time().expect("finished");
    gate.close();
    stop.in_time().expect("stopped");
    assert_eq!(shown(&card(&world)), ("whole", "finished"));
}

#[test]
fn a_handler_that_takes_too_long_has_its_card_ended_before_the_deadline() {
    let world = World::new();
    let client = dingstream::Client::new(world.bare_config()).expect("valid");
    let gate = gated(&client);
    let running = crate::support::Running::new(client);
    world.push(json!({ "kind": "message", "msgtype": "text", "text": "x" }));
    wait_for("the handler", || running.client.stats().in_flight == 1);
    let session = running.client.card(Space::group("cid"), options()).expect("opened");
    session.push("half").expect("open");
    running.client.stop(Duration::from_secs(4)).in_time().expect("stopped");
    wait_for("the end", || shown(&card(&world)) == (FALLBACK, "failed"));
    gate.close();
}

/// Refused for good: the text goes out as a reply.
#[test]
fn where_cards_are_refused_the_text_is_a_reply() {
    for how in [
        json!({ "code": "param.templateUnpublished" }),
        json!({ "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied" }),
        json!({ "code": "Forbidden.AccessDenied.ApiCountLimitForOrg" }),
    ] {
        let world = World::new();
        world.breaks("POST /v1.0/card/instances/createAndDeliver", how);
        let (_client, session) = opened(&world, options());
        session.push("# All **of** it").expect("open");
        let told = session.finish().in_time().expect("sent");
        assert_eq!(told.text("/via").as_deref(), Some("session"));
        assert!(told.text("/degraded/message").is_some(), "{}", told.as_str());
        let reply = world.records("reply", 1).remove(0);
        assert_eq!(reply["body"]["markdown"]["text"], "# All **of** it");
        assert!(cards(&world).is_empty());
    }
}

#[test]
fn a_template_without_the_variable_that_streams_leaves_no_card_that_waits() {
    let world = World::new();
    world.control("templates", json!({ "id": "mine.schema", "variables": ["other"] }));
    let options = with(options(), |options| {
        options.template = "mine.schema".to_owned();
        options.key = "answer".to_owned();
    });
    let (_client, session) = opened(&world, options);
    session.push("text").expect("open");
    let told = session.finish().in_time().expect("sent");
    assert_eq!(told.text("/via").as_deref(), Some("session"));
    assert_eq!(world.records("reply", 1)[0]["body"]["markdown"]["text"], "text");
    assert_eq!(card(&world)["state"], "failed");
}

#[test]
fn a_space_that_does_not_get_it_is_a_refusal_although_the_status_is_200() {
    let world = World::new();
    world.control("settings", json!({ "failedSpaces": ["cid-x"] }));
    let (_client, session) =
        opened_by(&world, json!({ "conversationId": "cid-x", "conversationType": "2" }), options());
    session.push("text").expect("open");
    let told = session.finish().in_time().expect("sent");
    assert_eq!(told.text("/via").as_deref(), Some("session"));
}

#[test]
fn a_sender_without_a_staff_id_gets_a_reply() {
    let world = World::new();
    let (_client, session) =
        opened_by(&world, json!({ "conversationType": "1", "data": { "senderStaffId": null } }), options());
    session.push("text").expect("open");
    let told = session.finish().in_time().expect("sent");
    assert_eq!(told.text("/via").as_deref(), Some("session"));
    assert!(told.text("/degraded/message").expect("why").contains("staff id"));
}

#[test]
fn where_a_reply_fails_too_both_are_told() {
    let world = World::new();
    world.breaks("POST /v1.0/card/instances/createAndDeliver", json!({ "code": "param.templateUnpublished" }));
    world.breaks("webhook", json!({ "errcode": 300_005 }));
    let (_client, session) = opened(&world, options());
    session.push("text").expect("open");
    let error = session.finish().in_time().expect_err("nowhere");
    assert!(error.message().contains("not published") && error.message().contains("a message in its place"), "{error}");
    assert!(!error.to_string().contains("text"), "{error}");
}

#[test]
fn a_server_that_forgets_the_card_gets_a_reply_in_its_place() {
    let world = World::new();
    let (_client, session) = opened(&world, options());
    wait_for("the card", || !cards(&world).is_empty());
    let id = card(&world)["outTrackId"].clone();
    world.control("cards/forget", json!({ "outTrackId": id }));
    session.push("text").expect("open");
    let told = session.finish().in_time().expect("sent");
    assert_eq!(told.text("/via").as_deref(), Some("session"));
    assert_eq!(world.records("reply", 1)[0]["body"]["markdown"]["text"], "text");
}

#[test]
fn trouble_on_the_way_is_lived_through() {
    for how in [
        json!({ "status": 500, "times": 2 }),
        json!({ "status": 500, "times": 4 }),
        json!({ "code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "times": 2 }),
        json!({ "body": "<html>bad gateway</html>", "status": 502, "times": 1 }),
        json!({ "status": 500, "done": true, "times": 2 }),
    ] {
        let world = World::new();
        world.breaks("PUT /v1.0/card/streaming", how);
        let (_client, session) = opened(&world, options());
        session.push("text").expect("open");
        session.finish().in_time().expect("finished");
        assert_eq!(shown(&card(&world)), ("text", "finished"));
    }
}

#[test]
fn a_card_whose_creation_had_no_answer_is_created_once() {
    let world = World::new();
    world.breaks("POST /v1.0/card/instances/createAndDeliver", json!({ "status": 500, "done": true, "times": 1 }));
    let (_client, session) = opened(&world, options());
    session.push("text").expect("open");
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)), ("text", "finished"));
}

#[test]
fn an_update_that_failed_is_made_up_for_although_nothing_more_is_said() {
    let world = World::new();
    world.breaks("PUT /v1.0/card/streaming", json!({ "status": 500, "times": 2 }));
    let (_client, session) = opened(&world, options());
    session.push("text").expect("open");
    wait_for("the text", || cards(&world).first().is_some_and(|card| shown(card) == ("text", "inputing")));
    session.finish().in_time().expect("finished");
}

#[test]
fn an_update_that_hangs_does_not_hold_the_end_back() {
    let world = World::new();
    let (_client, session) = opened_with_a_hanging_update(&world, NEVER);
    session.push(" and more").expect("open");
    session.finish().in_time().expect("finished");
    assert_eq!(shown(&card(&world)), ("text and more", "finished"));
}

#[test]
fn an_update_that_hangs_does_not_hold_the_next_one_back() {
    let world = World::new();
    let (_client, session) = opened_with_a_hanging_update(&world, Duration::from_secs(1));
    session.push(" and more").expect("open");
    wait_for("the next update", || shown(&card(&world)) == ("text and more", "inputing"));
    session.finish().in_time().expect("finished");
}

/// A session whose first update shows its text, and has no answer while the test lasts.
fn opened_with_a_hanging_update(world: &World, update_timeout: Duration) -> (Client, CardSession) {
    world.breaks("PUT /v1.0/card/streaming", json!({ "delayMs": NEVER.as_millis(), "done": true, "times": 1 }));
    let mut config = world.config();
    config.request_timeout_ms = NEVER;
    let client = world.connected(config);
    let options = with(options(), |options| {
        options.update_timeout_ms = update_timeout;
    });
    let session = opened_on(world, &client, json!({ "senderStaffId": "s" }), options);
    session.push("text").expect("open");
    wait_for("the update", || cards(world).first().is_some_and(|card| shown(card) == ("text", "inputing")));
    (client, session)
}
