//! The custom robot, which needs no application.

use std::time::Duration;

use dingstream::message::Entry;
use dingstream::webhook::{Overflow, TooLong};
use dingstream::{Error, ErrorKind, Message, Webhook, WebhookConfig};
use serde_json::{Value, json};

use crate::support::{InTime, World};

/// A robot of this world with its sender; robots of a process are told apart by their addresses, and so are tests.
fn robot(world: &World, name: &str, rules: Value, change: impl FnOnce(&mut WebhookConfig)) -> Webhook {
    let mut order = json!({ "accessToken": name });
    order.as_object_mut().expect("an object").extend(rules.as_object().cloned().unwrap_or_default());
    world.control("robots", order);
    let mut config = WebhookConfig::new(world.url(&format!("/robot/send?access_token={name}")), "");
    change(&mut config);
    Webhook::new(config).expect("valid")
}

fn plain(_: &mut WebhookConfig) {}

fn sent(world: &World, count: usize) -> Vec<Value> {
    world.records("robot&errcode=0", count)
}

#[test]
fn a_message_is_signed_and_shown() {
    let world = World::new();
    let webhook = robot(&world, "signed", json!({ "secret": "SEC1" }), |config| config.secret = "SEC1".into());
    let told = webhook.send(Message::text("disk full").at_mobile("138")).in_time().expect("sent");
    assert_eq!(told.int("/sent"), Some(1));
    let shown = sent(&world, 1).remove(0);
    assert_eq!((&shown["signed"], &shown["body"]["at"]["atMobiles"]), (&json!(true), &json!(["138"])));
}

#[test]
fn the_causes_of_310000_are_told_apart() {
    let world = World::new();
    for (name, rules, hint) in [
        ("unsigned", json!({ "secret": "SEC1" }), "check the secret"),
        ("keyword", json!({ "keywords": ["alert"] }), "put a keyword"),
        ("address", json!({ "ips": ["10.0.0.0/8"] }), "add it to the robot's list"),
    ] {
        let webhook = robot(&world, name, rules, |config| config.secret = "SEC2".into());
        let error = webhook.send(Message::text("x")).in_time().expect_err("refused");
        assert_eq!((error.kind(), error.platform_code()), (ErrorKind::Forbidden, "310000"));
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn what_overflows_is_refused_by_drop_with_the_time_to_wait() {
    let world = World::new();
    let webhook = robot(&world, "dropping", json!({}), |config| config.overflow = Overflow::Drop);
    let calls: Vec<_> = (0..60).map(|index| webhook.send(Message::text(index.to_string()))).collect();
    let refused: Vec<_> = calls.iter().filter_map(|call| call.in_time().err()).collect();
    assert_eq!((refused.len(), sent(&world, 20).len()), (40, 20));
    assert!(refused.iter().all(|error| error.kind() == ErrorKind::Throttled));
    // 61 at first, and less on a machine that takes its time; the unit test has a clock of its own.
    let seconds: Vec<_> = refused.iter().map(seconds_to_wait).collect();
    assert!(seconds.iter().all(|left| (1..=61).contains(left)) && seconds.is_sorted_by(|a, b| a >= b), "{seconds:?}");
}

fn seconds_to_wait(refusal: &Error) -> u64 {
    let text = refusal.to_string();
    let left = text.split_once("takes the next one in ").and_then(|(_, rest)| rest.split_once(" s"));
    left.and_then(|(seconds, _)| seconds.parse().ok()).unwrap_or_else(|| panic!("no seconds in {text}"))
}

#[test]
fn what_was_sent_first_is_read_first() {
    let world = World::new();
    let webhook = robot(&world, "ordered", json!({}), plain);
    let calls: Vec<_> = (0..20).map(|index| webhook.send(Message::text(index.to_string()))).collect();
    calls.iter().for_each(|call| drop(call.in_time().expect("sent")));
    let texts: Vec<_> = sent(&world, 20).iter().map(|sent| sent["body"]["text"]["content"].clone()).collect();
    assert_eq!(texts, (0..20).map(|index| json!(index.to_string())).collect::<Vec<_>>());
}

#[test]
fn the_limit_outlives_the_object_that_used_it() {
    let world = World::new();
    let dropping = |config: &mut WebhookConfig| config.overflow = Overflow::Drop;
    let webhook = robot(&world, "shared", json!({}), dropping);
    (0..20).for_each(|_| drop(webhook.send(Message::text("x")).in_time().expect("sent")));
    drop(webhook);
    let again = robot(&world, "shared", json!({}), dropping);
    assert_eq!(again.send(Message::text("x")).in_time().expect_err("no room").kind(), ErrorKind::Throttled);
}

#[test]
fn several_robots_take_turns() {
    let world = World::new();
    robot(&world, "rotate-2", json!({}), plain);
    let both = format!(
        "{} {}",
        world.url("/robot/send?access_token=rotate-1"),
        world.url("/robot/send?access_token=rotate-2")
    );
    let webhook = robot(&world, "rotate-1", json!({}), |config| {
        (config.url, config.overflow) = (both.as_str().into(), Overflow::Rotate);
    });
    let calls: Vec<_> = (0..40).map(|_| webhook.send(Message::text("x"))).collect();
    calls.iter().for_each(|call| drop(call.in_time().expect("sent")));
    assert_eq!(sent(&world, 40).len(), 40);
}

#[test]
fn too_fast_opens_the_breaker_and_nothing_more_is_sent() {
    let world = World::new();
    let webhook = robot(&world, "punished", json!({}), plain);
    world.control("break", json!({ "what": "robot", "errcode": 410100, "errmsg": "send too fast", "times": 1 }));
    for _ in 0..2 {
        assert_eq!(webhook.send(Message::text("x")).in_time().expect_err("refused").kind(), ErrorKind::Throttled);
    }
    assert_eq!(world.records("robot", 1).len(), 1);
}

#[test]
fn what_may_have_arrived_is_sent_again_under_one_id_and_shown_once() {
    let world = World::new();
    let webhook = robot(&world, "twice", json!({}), |config| config.request_timeout_ms = Duration::from_secs(4));
    world.control("break", json!({ "what": "robot", "delayMs": 20_000, "done": true, "times": 1 }));
    webhook.send(Message::text("x")).in_time().expect("sent");
    let shown = world.records("robot&shown=true", 1);
    assert_eq!(shown.len(), 1);
}

#[test]
fn who_does_not_wait_for_a_place_does_not_wait_to_send_again() {
    let world = World::new();
    let patient = robot(&world, "impatient", json!({}), |config| config.overflow = Overflow::Drop);
    let webhook = robot(&world, "impatient", json!({}), |config| {
        (config.overflow, config.request_timeout_ms) = (Overflow::Drop, Duration::from_millis(300));
    });
    (0..19).for_each(|_| drop(patient.send(Message::text("x")).in_time().expect("sent")));
    world.control("break", json!({ "what": "robot", "delayMs": 20_000, "done": true, "times": 1 }));
    let error = webhook.send(Message::text("x")).in_time().expect_err("no place for another try");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[test]
fn a_clock_that_is_hours_off_is_noticed_and_the_next_signature_is_right() {
    let world = World::new();
    world.control("settings", json!({ "clockSkewMs": 7_200_000 }));
    let webhook = robot(&world, "skewed", json!({ "secret": "SEC1" }), |config| config.secret = "SEC1".into());
    let error = webhook.send(Message::text("x")).in_time().expect_err("too far off");
    assert!(error.to_string().contains("set this machine's clock"), "{error}");
    webhook.send(Message::text("x")).in_time().expect("signed by DingTalk's clock");
}

#[test]
fn what_is_too_long_is_refused_cut_or_split_by_choice() {
    let world = World::new();
    let long = || Message::text("字".repeat(10_000));
    let refusing = robot(&world, "refusing", json!({}), plain);
    assert_eq!(refusing.send(long()).in_time().expect_err("refused").kind(), ErrorKind::TooLarge);
    let cutting = robot(&world, "cutting", json!({}), |config| config.too_long = TooLong::Cut);
    assert_eq!(cutting.send(long()).in_time().expect("sent").int("/sent"), Some(1));
    let splitting = robot(&world, "splitting", json!({}), |config| config.too_long = TooLong::Split);
    assert_eq!(splitting.send(long()).in_time().expect("sent").int("/sent"), Some(3));
}

#[test]
fn what_is_too_long_with_its_id_alone_is_split_like_any_other() {
    let world = World::new();
    let frame = r#"{"msgtype":"text","text":{"content":""}}"#.len();
    let text = format!("{}\n{}", "a".repeat(10_000), "b".repeat(9_990 - frame));
    let splitting = robot(&world, "nearly", json!({}), |config| config.too_long = TooLong::Split);
    assert_eq!(splitting.send(Message::text(text)).in_time().expect("sent").int("/sent"), Some(2));
}

#[test]
fn what_no_digest_takes_is_refused_where_a_thousand_wait() {
    let world = World::new();
    let webhook = robot(&world, "cards", json!({}), |config| config.overflow = Overflow::Digest);
    let card = || Message::feed_card([Entry::new("a", "https://u", "https://p")]);
    let mut calls: Vec<_> = (0..1_500).map(|_| webhook.send(card())).collect();
    let last = calls.pop().expect("1,500").in_time().expect_err("no room");
    assert_eq!(last.kind(), ErrorKind::Busy);
}

#[test]
fn a_digest_collects_what_overflows_and_flush_tells_what_is_left() {
    let world = World::new();
    let webhook = robot(&world, "digest", json!({}), |config| config.overflow = Overflow::Digest);
    let first: Vec<_> = (0..20).map(|_| webhook.send(Message::text("x")).in_time().expect("sent")).collect();
    assert_eq!(first.len(), 20);
    let calls: Vec<_> = (0..100).map(|index| webhook.send(Message::text(format!("load {}", index % 3)))).collect();
    let left = webhook.flush(Duration::from_millis(100)).in_time().expect("flushed");
    assert_eq!((left.int("/left"), sent(&world, 20).len()), (Some(100), 20));
    drop(calls);
}

#[test]
fn an_address_that_is_none_is_refused_without_showing_it() {
    for url in ["", "planted", "ftp://h/robot/send?access_token=planted", "https://h/robot/send"] {
        let error = Webhook::new(WebhookConfig::new(url, "planted")).expect_err("refused");
        assert!(error.kind() == ErrorKind::Config && !format!("{error:?}").contains("planted"), "{error}");
    }
}

#[test]
fn below_the_limit_a_digest_merges_nothing() {
    let world = World::new();
    let webhook = robot(&world, "alone", json!({}), |config| config.overflow = Overflow::Digest);
    let calls: Vec<_> = (0..20).map(|index| webhook.send(Message::text(index.to_string()))).collect();
    for call in calls {
        assert_eq!(call.in_time().expect("sent").int("/sent"), Some(1));
    }
    let texts: Vec<_> = sent(&world, 20).iter().map(|sent| sent["body"]["text"]["content"].clone()).collect();
    assert_eq!(texts, (0..20).map(|index| json!(index.to_string())).collect::<Vec<_>>());
}

#[test]
fn ten_thousand_alerts_keep_the_limit_and_wait_as_one() {
    let world = World::new();
    let webhook = robot(&world, "flood", json!({}), |config| config.overflow = Overflow::Digest);
    let calls: Vec<_> =
        (0..10_000).map(|index| webhook.send(Message::text(format!("disk {} full", index % 7)))).collect();
    for call in &calls[..20] {
        assert_eq!(call.in_time().expect("sent").int("/sent"), Some(1));
    }
    let left = webhook.flush(Duration::from_millis(50)).in_time().expect("told").int("/left");
    assert_eq!((left, sent(&world, 20).len()), (Some(9_980), 20));
}

#[test]
fn what_is_cancelled_while_it_waits_is_not_sent() {
    let world = World::new();
    let webhook = robot(&world, "cancelled", json!({}), plain);
    world.control("break", json!({ "what": "robot", "delayMs": 5_000, "done": true, "times": 1 }));
    let first = webhook.send(Message::text("first"));
    let second = webhook.send(Message::text("second"));
    let third = webhook.send(Message::text("third"));
    second.cancel();
    assert_eq!(second.in_time().expect_err("cancelled").kind(), ErrorKind::Cancelled);
    first.in_time().expect("sent");
    third.in_time().expect("sent");
    let texts: Vec<_> = sent(&world, 2).iter().map(|sent| sent["body"]["text"]["content"].clone()).collect();
    assert_eq!(texts, ["first", "third"]);
}
