//! Replies: the session webhook first, then OpenAPI.

use dingstream::message::{Button, Entry};
use dingstream::openapi::bot::Target;
use dingstream::{ErrorKind, Message, Via};
use serde_json::{Value, json};

use crate::support::{InTime, World, next};

/// A reply to a message from Ann, who is alone with the bot unless `more` says otherwise.
fn reply(world: &World, more: Value, via: Via, message: Message) -> Result<Value, dingstream::Error> {
    let client = world.connected(world.config());
    world.push(json!({ "kind": "message", "text": "hi", "senderStaffId": "ann", "data": more }));
    let told = next(client.queue()).reply_via(via, message).in_time();
    told.map(|told| told.value("").expect("JSON"))
}

const EXPIRED: u64 = 1_700_000_000_000;

#[test]
fn while_the_session_lives_it_is_asked_and_nobody_else() {
    let world = World::new();
    let told = reply(&world, json!({}), Via::Auto, Message::text("x")).expect("sent");
    assert_eq!(told, json!({ "via": "session" }));
    assert_eq!(world.records("token", 0).len(), 0);
}

#[test]
fn an_expired_session_is_not_asked_and_a_gone_one_falls_over() {
    let world = World::new();
    let more = json!({ "sessionWebhookExpiredTime": EXPIRED });
    let told = reply(&world, more, Via::Auto, Message::markdown("t", "x")).expect("sent");
    assert_eq!(told["via"], "openapi");
    let sent = world.records("send", 1).remove(0);
    assert_eq!((&sent["users"], &sent["msgKey"]), (&json!(["ann"]), &json!("sampleMarkdown")));
    assert_eq!(world.records("reply", 0).len(), 0);
    world.control("break", json!({ "what": "webhook", "errcode": 300001, "times": 1 }));
    let group = json!({ "conversationType": "2", "conversationId": "cid1==" });
    let told = reply(&world, group, Via::Auto, Message::text("x")).expect("sent");
    assert_eq!(told["via"], "openapi");
    assert_eq!(world.records("send", 2)[1]["conversationId"], "cid1==");
}

#[test]
fn what_a_webhook_can_not_carry_goes_by_openapi_at_once() {
    let world = World::new();
    let told = reply(&world, json!({}), Via::Auto, Message::image("@photo")).expect("sent");
    assert_eq!(told["via"], "openapi");
    assert_eq!(world.records("send", 1)[0]["msgParam"], json!({ "photoURL": "@photo" }));
}

#[test]
fn a_reply_goes_before_what_nobody_waits_for() {
    let world = World::new();
    let mut config = world.config();
    config.calls_a_second = 1;
    let client = world.connected(config);
    world.push(json!({ "kind": "message", "text": "hi", "senderStaffId": "ann" }));
    let message = next(client.queue());
    let target = Target::Users(vec!["bob".to_owned()]);
    client.send(target.clone(), Message::text("first")).in_time().expect("sent");
    let waiting = client.send(target, Message::text("news"));
    let reply = message.reply_via(Via::OpenApi, Message::text("reply"));
    reply.in_time().expect("sent");
    waiting.in_time().expect("sent");
    let texts: Vec<_> = world.records("send", 3).iter().map(|sent| sent["msgParam"]["content"].clone()).collect();
    assert_eq!(texts, ["first", "reply", "news"]);
}

#[test]
fn an_outcome_that_is_not_known_is_never_sent_again() {
    let world = World::new();
    world.control("break", json!({ "what": "webhook", "status": 502, "html": true, "done": true }));
    let error = reply(&world, json!({}), Via::Auto, Message::text("x")).expect_err("not known");
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!((world.records("reply", 1).len(), world.records("send", 0).len()), (1, 0));
}

#[test]
fn where_nothing_is_left_the_error_says_what_is_missing() {
    let world = World::new();
    let more = json!({ "sessionWebhookExpiredTime": EXPIRED, "senderStaffId": null });
    let error = reply(&world, more, Via::Auto, Message::text("x")).expect_err("nowhere to send to");
    assert!(error.to_string().contains("expired, and the sender has no staff id"), "{error}");
    let more = json!({ "sessionWebhookExpiredTime": EXPIRED });
    let feed = Message::feed_card([Entry::new("a", "https://u", "https://p")]);
    let error = reply(&world, more, Via::Auto, feed).expect_err("no way carries it");
    assert_eq!(error.kind(), ErrorKind::Expired);
}

#[test]
fn a_way_of_your_choice_is_the_only_one() {
    let world = World::new();
    let told = reply(&world, json!({}), Via::OpenApi, Message::text("x")).expect("sent");
    assert_eq!(told["via"], "openapi");
    let more = json!({ "sessionWebhookExpiredTime": EXPIRED });
    let error = reply(&world, more, Via::Session, Message::text("x")).expect_err("expired");
    assert_eq!((error.kind(), world.records("send", 1).len()), (ErrorKind::Expired, 1));
}

#[test]
fn a_way_that_shows_no_mentions_says_so() {
    let world = World::new();
    let told = reply(&world, json!({}), Via::OpenApi, Message::text("x").at_user("bob")).expect("sent");
    assert_eq!(told["lost"], json!(["mentions"]));
    let told = reply(&world, json!({}), Via::Session, Message::link("t", "x", "https://u").at_all()).expect("sent");
    assert_eq!(told["lost"], json!(["mentions"]));
}

#[test]
fn every_type_is_taken_by_both_ways_that_carry_it() {
    let world = World::new();
    let buttons = |count: usize| (0..count).map(|index| Button::new(format!("b{index}"), "https://u"));
    let both = [
        Message::text("x"),
        Message::markdown("t", "x"),
        Message::link("t", "x", "https://u"),
        Message::action_card("t", "x", buttons(1)),
        Message::action_card("t", "x", buttons(2)).horizontal(),
        Message::action_card("t", "x", buttons(5)),
    ];
    for message in both {
        for via in [Via::Session, Via::OpenApi] {
            reply(&world, json!({}), via, message.clone()).expect("DingTalk takes it");
        }
    }
    reply(&world, json!({}), Via::Session, Message::feed_card([Entry::new("a", "https://u", "https://p")]))
        .expect("taken");
    for message in
        [Message::image("@p"), Message::audio("@a", 4000), Message::file("@f", "a.pdf"), Message::video("$v", "$c", 5)]
    {
        reply(&world, json!({}), Via::OpenApi, message).expect("taken");
    }
}
