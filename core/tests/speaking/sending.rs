//! Sending without a delivery to answer.

use dingstream::{Client, ErrorKind, Message, Remind, Target};
use serde_json::{Value, json};

use crate::support::{InTime, World};

fn client(world: &World) -> Client {
    Client::new(world.config()).expect("valid")
}

fn users(count: usize) -> Target {
    Target::Users((0..count).map(|index| format!("u{index}")).collect())
}

fn told(outcome: dingstream::call::Outcome) -> Value {
    outcome.expect("sent").value("").expect("JSON")
}

#[test]
fn users_go_out_in_batches_of_twenty_with_one_token() {
    let world = World::new();
    let told = told(client(&world).send(users(45), Message::text("x")).in_time());
    let sent = world.records("send", 3);
    let counts: Vec<_> = sent.iter().map(|sent| sent["users"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!((counts, told["processQueryKeys"].as_array().map(Vec::len)), (vec![20, 20, 5], Some(3)));
    assert_eq!(world.records("token", 1).len(), 1);
}

#[test]
fn who_did_not_get_it_is_told() {
    let world = World::new();
    world.control("settings", json!({ "knownUsers": ["u0", "u1"], "flowControlledUsers": ["u1"] }));
    let told = told(client(&world).send(users(3), Message::text("x")).in_time());
    assert_eq!(told["invalidStaffIdList"], json!(["u2"]));
    assert_eq!(told["flowControlledStaffIdList"], json!(["u1"]));
}

#[test]
fn a_batch_that_fails_takes_the_others_not_along() {
    let world = World::new();
    let path = "/v1.0/robot/oToMessages/batchSend";
    world.control("break", json!({ "what": path, "code": "system.error", "times": 1 }));
    let partly = told(client(&world).send(users(25), Message::text("x")).in_time());
    assert_eq!(partly["failed"][0]["userIds"].as_array().map(Vec::len), Some(20));
    assert_eq!(partly["processQueryKeys"].as_array().map(Vec::len), Some(1));
    world.control("break", json!({ "what": path, "code": "system.error", "times": 2 }));
    client(&world).send(users(25), Message::text("x")).in_time().expect_err("nobody got it");
}

#[test]
fn groups_and_conversations_get_their_own_calls() {
    let world = World::new();
    let client = client(&world);
    told(client.send(Target::Group("cid1==".to_owned()), Message::text("x")).in_time());
    let private = Target::Private("cid2==".to_owned(), "COOLAPP-1".to_owned());
    told(client.send(private, Message::text("x")).in_time());
    let paths: Vec<_> = world.records("send", 2).iter().map(|sent| sent["path"].clone()).collect();
    assert_eq!(paths, ["/v1.0/robot/groupMessages/send", "/v1.0/robot/privateChatMessages/send"]);
    told(client.ding(["u1".to_owned()], Remind::App, "now").in_time());
}

#[test]
fn what_was_sent_can_be_asked_about_and_taken_back() {
    let world = World::new();
    let client = client(&world);
    let key = told(client.send(users(1), Message::text("x")).in_time())["processQueryKeys"][0].clone();
    let key = key.as_str().expect("a key").to_owned();
    let status = told(client.read_status(users(0), &*key).in_time());
    assert_eq!(status["sendStatus"], "SUCCESS");
    let recalled = told(client.recall(users(0), [key.clone(), "unknown".to_owned()]).in_time());
    assert_eq!(recalled["successResult"], json!([key]));
    assert_eq!(recalled["failedResult"].as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn what_can_not_be_sent_is_refused_before_anything_is() {
    let world = World::new();
    let client = client(&world);
    for (target, message, kind) in [
        (users(0), Message::text("x"), ErrorKind::Argument),
        (users(1), Message::text(" "), ErrorKind::Argument),
        (users(1), Message::text("x".repeat(1 << 20)), ErrorKind::TooLarge),
        (users(1), Message::feed_card([]), ErrorKind::Argument),
    ] {
        assert_eq!(client.send(target, message).in_time().expect_err("refused").kind(), kind);
    }
    assert_eq!(world.records("token", 0).len(), 0);
}

#[test]
fn clients_of_one_application_share_its_token() {
    let world = World::new();
    let clients = [client(&world), client(&world)];
    let calls: Vec<_> = clients.iter().map(|client| client.send(users(1), Message::text("x"))).collect();
    calls.iter().for_each(|call| drop(told(call.in_time())));
    assert_eq!(world.records("token", 1).len(), 1);
}
