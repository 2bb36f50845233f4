//! What arrives: every type of message, and what an assistant asks for.

use std::sync::Arc;

use dingstream::{BotMessage, Client, Delivery, ErrorKind, GraphRequest, GraphResponse, Kind, Message, Via};
use serde_json::{Value, json};

use crate::support::{InTime, World, next};

fn message(push: Value) -> BotMessage {
    let world = World::new();
    let client = world.connected(world.config());
    let mut order = json!({ "kind": "message", "text": "hi" });
    order.as_object_mut().expect("an object").extend(push.as_object().cloned().expect("an object"));
    world.push(order);
    BotMessage::from(Arc::new(next(client.queue())))
}

fn of_type(msgtype: &str, data: Value) -> BotMessage {
    message(json!({ "msgtype": msgtype, "data": data }))
}

#[test]
fn whatever_says_something_says_it_as_text() {
    let rich =
        json!({ "content": { "richText": [{ "text": " see " }, { "downloadCode": "c1" }, { "text": "this" }] } });
    for (message, text) in [
        (of_type("richText", rich), "see this"),
        (of_type("markdown", json!({ "content": { "text": "**a**" } })), "**a**"),
        (of_type("interactiveCard", json!({ "content": { "text": "a document" } })), "a document"),
        (of_type("chatRecord", json!({ "content": { "summary": "Ann: hi" } })), "Ann: hi"),
        (message(json!({ "data": { "text": null, "content": " at the top " } })), "at the top"),
        (message(json!({ "data": { "text": { "content": 5 } } })), "5"),
    ] {
        assert_eq!(message.text().as_deref(), Some(text));
    }
    assert_eq!(of_type("picture", json!({})).text(), None);
}

#[test]
fn every_file_can_be_downloaded_by_its_code() {
    let two =
        json!({ "content": { "richText": [{ "downloadCode": "c1" }, { "text": "x" }, { "downloadCode": "c2" }] } });
    assert_eq!(of_type("richText", two).download_codes(), Some(json!(["c1", "c2"])));
    for msgtype in ["picture", "audio", "video", "file"] {
        let message = of_type(msgtype, json!({ "content": { "downloadCode": "c1" } }));
        assert_eq!(message.download_codes(), Some(json!(["c1"])));
    }
    let only = json!({ "content": { "downloadCode": null, "pictureDownloadCode": "c2" } });
    assert_eq!(of_type("picture", only).download_codes(), Some(json!(["c2"])));
    assert_eq!(message(json!({})).download_codes(), None);
}

#[test]
fn what_comes_with_a_file_reads_either_way() {
    let file = of_type("file", json!({}));
    assert_eq!(file.file_name().as_deref(), Some("foobar.zip"));
    assert_eq!((file.space_id().as_deref(), file.file_id().as_deref()), (Some("22345573"), Some("11789848")));
    let audio = of_type("audio", json!({ "content": { "duration": "5" } }));
    assert_eq!((audio.recognition().as_deref(), audio.duration()), (Some("hi"), Some(5)));
    let video = of_type("video", json!({}));
    assert_eq!((video.video_type().as_deref(), video.duration()), (Some("mp4"), Some(4000)));
}

#[test]
fn a_message_that_answers_another_shows_it() {
    let replied = json!({ "isReplyMsg": true, "repliedMsg": { "msgId": "m1", "content": { "text": "before" } } });
    let message = message(json!({ "data": { "text": replied, "originalProcessQueryKey": "k1" } }));
    assert_eq!((message.is_reply(), message.quoted_msg_id().as_deref()), (Some(true), Some("m1")));
    assert_eq!(message.quoted_text().as_deref(), Some("before"));
    assert_eq!(message.quoted_process_query_key().as_deref(), Some("k1"));
    assert_eq!(message.quoted().expect("quoted")["msgId"], "m1");
    let quote = json!({ "quoteMessage": { "msgId": "m2", "msgtype": "text", "text": { "content": "x" } } });
    let message = self::message(json!({ "data": quote }));
    assert_eq!((message.quoted_msg_id().as_deref(), message.quoted_text().as_deref()), (Some("m2"), Some("x")));
}

#[test]
fn over_the_quota_a_message_comes_without_its_text_and_says_why_in_both_spellings() {
    for (code, words) in [("errorCode", "errorMessage"), ("errCode", "errMsg")] {
        let over = message(json!({ "data": { "text": null, code: 20001, words: "受调用量超量影响" } }));
        assert_eq!((over.text(), over.error_code()), (None, Some(20001)));
        assert_eq!(over.error_message().as_deref(), Some("受调用量超量影响"));
    }
}

#[test]
fn a_message_to_somebody_the_bot_stands_in_for_is_answered_by_its_session_alone() {
    let world = World::new();
    let mut config = world.config();
    let topic = "/v1.0/im/bot/messages/delegate";
    config.subscribe(Kind::Message, topic).expect("a valid subscription");
    let client = world.connected(config);
    let push = |data: Value| world.push(json!({ "kind": "message", "text": "hi", "topic": topic, "data": data }));
    push(json!({ "hostingContext": { "userId": "boss" } }));
    let message = BotMessage::from(Arc::new(next(client.queue())));
    assert_eq!((message.hosting_user_id().as_deref(), message.hosting_nick()), (Some("boss"), None));
    message.reply(Message::text("x")).in_time().expect("sent");
    let error = message.reply_via(Via::OpenApi, Message::text("x")).in_time().expect_err("nowhere to go");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    message.ok(Value::Null).expect("settled");
    push(json!({ "sessionWebhookExpiredTime": 1_700_000_000_000_u64 }));
    let error = next(client.queue()).reply(Message::text("x")).in_time().expect_err("nowhere to go");
    assert!(error.to_string().contains("expired, and only its session webhook"), "{error}");
}

/// With its client, which takes its connection along when it is dropped.
fn asked(world: &World, push: Value) -> (Client, Delivery) {
    let mut config = world.config();
    config.subscribe(Kind::Graph, "").expect("a valid subscription");
    let client = world.connected(config);
    let mut order = json!({ "kind": "graph" });
    order.as_object_mut().expect("an object").extend(push.as_object().cloned().expect("an object"));
    world.push(order);
    let delivery = next(client.queue());
    (client, delivery)
}

#[test]
fn a_request_of_a_plugin_is_read_and_answered_as_http() {
    let world = World::new();
    let (_client, delivery) = asked(&world, json!({ "method": "PUT", "uri": "/a?b=c%20d", "body": { "e": 1 } }));
    let delivery = Arc::new(delivery);
    let request = GraphRequest::from(Arc::clone(&delivery));
    assert_eq!((request.method().as_deref(), request.uri().as_deref()), (Some("PUT"), Some("/a?b=c%20d")));
    assert_eq!((request.body().as_deref(), request.plugin_id().as_deref()), (Some(r#"{"e":1}"#), Some("plugin-1")));
    assert_eq!(request.request_headers().expect("headers")["content-type"], "application/json");
    delivery.ok(GraphResponse::json(200, &json!({ "f": 2 })).to_json()).expect("settled");
    let answer = world.records("answer", 1).remove(0);
    assert_eq!(answer["code"], 200);
    let data: Value = serde_json::from_str(answer["data"].as_str().expect("a text")).expect("JSON");
    assert_eq!(data["response"]["statusLine"], json!({ "code": 200, "reasonPhrase": "OK" }));
    assert_eq!(data["response"]["body"], r#"{"f":2}"#);
}

#[test]
fn an_assistant_is_replied_to_with_markdown_or_text() {
    let world = World::new();
    let (_client, delivery) = asked(&world, json!({ "assistant": true }));
    assert_eq!(
        delivery.reply(Message::markdown("t", "**a**")).in_time().expect("sent").text("/via").as_deref(),
        Some("session")
    );
    let reply = world.records("reply", 1).remove(0);
    assert_eq!(reply["body"]["content"]["cardData"], json!({ "content": "**a**" }));
    let refused = |message| delivery.reply(message).in_time().expect_err("refused").kind();
    assert_eq!(refused(Message::image("@p")), ErrorKind::Argument);
    let told = delivery.reply_via(Via::OpenApi, Message::text("x")).in_time().expect_err("nowhere to go");
    assert_eq!(told.kind(), ErrorKind::NotFound);
    let (_client, without) = asked(&world, json!({}));
    assert_eq!(without.reply(Message::text("x")).in_time().expect_err("nowhere").kind(), ErrorKind::NotFound);
}
