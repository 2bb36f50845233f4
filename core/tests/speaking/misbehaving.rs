//! What answers in DingTalk's place, or does not answer as it should.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dingstream::{Client, Error, ErrorKind, Host, Message, Target};
use serde_json::json;
use tokio::io::AsyncWriteExt;

use crate::support::server::{Server, Visit};
use crate::support::{InTime, NEVER, World, next};

const PATH: &str = "/v1.0/contact/users/search";

/// What a call makes of these bytes, which a server sends after it granted a token.
fn answered(bytes: impl Into<Vec<u8>>) -> Error {
    answered_within(NEVER, bytes)
}

/// The same, where the call waits so long for what is missing.
fn answered_within(patience: Duration, bytes: impl Into<Vec<u8>>) -> Error {
    let bytes: Arc<[u8]> = bytes.into().into();
    let server = Server::new(move |visit| grant_and_answer(visit, Arc::clone(&bytes)));
    let mut config = server.config();
    config.request_timeout_ms = patience;
    let client = Client::new(config).expect("valid");
    client.request("POST", Host::Api, PATH, &[], Some(json!({})), None).in_time().expect_err("no answer")
}

async fn grant_and_answer(mut visit: Visit, bytes: Arc<[u8]>) {
    while let Some(request) = visit.request().await {
        if request.head.contains("/oauth2/accessToken") {
            visit.respond(200, r#"{"accessToken":"planted-token","expireIn":7200}"#).await;
            continue;
        }
        let _ = visit.stream.write_all(&bytes).await;
        return visit.silence().await;
    }
}

#[test]
fn a_body_that_does_not_come_is_a_timeout_and_asked_for_once() {
    let error = answered_within(Duration::from_secs(4), "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.advice().contains("may have been done") && !error.is_retryable(), "{error}");
}

#[test]
fn json_that_is_cut_off_is_no_answer() {
    let error = answered("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"list\":[");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Protocol, 200));
}

#[test]
fn an_endless_body_is_cut_off() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n{";
    let error = answered(format!("{head}{}", " ".repeat(5 << 20)));
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

#[test]
fn a_page_is_no_answer() {
    let error = answered("HTTP/1.1 200 OK\r\ncontent-length: 24\r\n\r\n<html>please wait</html>");
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.advice().contains("proxy"), "{error}");
}

#[test]
fn what_may_have_been_sent_is_not_sent_again() {
    let world = World::new();
    world.breaks("/v1.0/robot/groupMessages/send", json!({ "status": 504, "body": "<html>busy</html>", "done": true }));
    let client = Client::new(world.config()).expect("valid");
    let error = client.send(Target::Group("cid1==".to_owned()), Message::text("x")).in_time().expect_err("not known");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Protocol, 504));
    assert!(error.advice().contains("may have been done"), "{error}");
    assert_eq!(world.records("send", 1).len(), 1);
}

#[test]
fn a_reply_goes_to_no_host_that_its_message_did_not_name() {
    let elsewhere = Server::new(|visit| visit.silence());
    let away = elsewhere.url();
    let server = Server::new(move |mut visit| {
        let away = away.clone();
        async move {
            while visit.request().await.is_some() {
                let head = format!("HTTP/1.1 307 told\r\nlocation: {away}/robot\r\ncontent-length: 0\r\n\r\n");
                let _ = visit.stream.write_all(head.as_bytes()).await;
            }
        }
    });
    let world = World::new();
    let client = world.connected(world.config());
    let webhook = format!("{}/robot/sendBySession?session=planted", server.url());
    world.push(json!({ "kind": "message", "text": "hi", "data": { "sessionWebhook": webhook } }));
    let error = next(client.queue()).reply(Message::text("x")).in_time().expect_err("nobody took it");
    assert_eq!((error.kind(), error.http_status()), (ErrorKind::Protocol, 307));
    assert_eq!(elsewhere.accepted.load(Ordering::SeqCst), 0);
    assert!(!error.support_text().contains("planted"), "{}", error.support_text());
}
