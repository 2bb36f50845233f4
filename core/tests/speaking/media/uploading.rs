//! Files on their way to DingTalk.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingstream::{Client, ErrorKind, MediaType};
use serde_json::json;

use super::{client, folder, refused, told};
use crate::support::server::Server;
use crate::support::{World, wait_for};

#[test]
fn every_type_is_uploaded_from_memory_a_path_or_in_pieces() {
    let world = World::new();
    let client = client(&world);
    let folder = folder("up");
    for (kind, name) in [
        (MediaType::Image, "photo.PNG"),
        (MediaType::Voice, "voice.amr"),
        (MediaType::Video, "clip.mp4"),
        (MediaType::File, "表格.xlsx"),
    ] {
        let bytes: Vec<u8> = (0..200_000_u32).map(|index| index as u8).collect();
        let by_memory = told(&client.upload(kind, name, bytes.clone()));
        assert_eq!(by_memory["type"], kind.name());
        assert!(by_memory["mediaId"].as_str().is_some_and(|id| !id.is_empty()));
        fs::write(folder.join(name), &bytes).expect("written");
        told(&client.upload_file(kind, folder.join(name)));
        let call = client.upload_pieces(kind, name, bytes.len() as u64);
        let mut left = bytes.as_slice();
        while !left.is_empty() {
            let taken = call.write(left, Some(Duration::from_secs(20))).expect("taken");
            left = &left[taken..];
        }
        told(&call);
        assert_eq!(call.write(b"more", Some(Duration::ZERO)).expect_err("full").kind(), ErrorKind::Argument);
    }
    let uploads = world.records("upload", 12);
    let sums: Vec<_> = uploads.iter().map(|upload| &upload["sha256"]).collect();
    assert!(sums.iter().all(|sum| *sum == sums[0]), "the same bytes arrive by every way");
    assert_eq!((&uploads[9]["fileName"], &uploads[9]["size"]), (&json!("表格.xlsx"), &json!(200_000)));
    assert_eq!((&uploads[0]["contentType"], &uploads[3]["contentType"]), (&json!("image/png"), &json!("audio/amr")));
    assert_eq!(world.records("token", 1).len(), 1);
}

#[test]
fn what_was_written_under_a_token_that_had_ended_is_taken_when_it_is_given_again() {
    let world = World::new();
    let client = client(&world);
    let written = || {
        let call = client.upload_pieces(MediaType::File, "notes.pdf", 5);
        call.write(b"hello", Some(Duration::from_secs(20))).map(|_| call)
    };
    told(&written().expect("taken"));
    world.breaks("/media/upload", json!({ "errcode": 40014, "times": 1 }));
    let error = refused(&written().expect("taken"));
    assert!(error.kind() == ErrorKind::Auth && error.is_retryable(), "{error}");
    told(&written().expect("taken"));
    assert_eq!(world.records("token", 2).len(), 2);
}

#[test]
fn a_picture_goes_out_under_the_one_ending_that_dingtalk_knows() {
    let world = World::new();
    told(&client(&world).upload(MediaType::Image, "photo.JPEG", "x"));
    let upload = &world.records("upload", 1)[0];
    assert_eq!((&upload["fileName"], &upload["contentType"]), (&json!("photo.jpg"), &json!("image/jpeg")));
}

#[test]
fn what_dingtalk_would_refuse_is_refused_before_anything_is_sent() {
    let world = World::new();
    let client = client(&world);
    let error = refused(&client.upload(MediaType::Voice, "a.amr", vec![0; 2 * 1024 * 1024 + 1]));
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.message().contains("2097152"), "{error}");
    let error = refused(&client.upload(MediaType::File, "notes.txt", "x"));
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.advice().contains("docx"), "{error}");
    for (kind, name, bytes) in [
        (MediaType::Image, "a.png", ""),
        (MediaType::Image, "png", "x"),
        (MediaType::Image, "", "x"),
        (MediaType::Image, "a\r\nX: y\r\n\r\n.png", "x"),
        (MediaType::Image, "a.mp4", "x"),
        (MediaType::Voice, "a.png", "x"),
        (MediaType::Video, "a.mov", "x"),
    ] {
        assert_eq!(refused(&client.upload(kind, name, bytes)).kind(), ErrorKind::Argument, "{name:?}");
    }
    assert_eq!(refused(&client.upload_file(MediaType::Image, "/nowhere/a.png")).kind(), ErrorKind::Argument);
    assert_eq!(refused(&client.upload_pieces(MediaType::Video, "a.mp4", 30 << 20)).kind(), ErrorKind::TooLarge);
    assert_eq!(refused(&client.upload_file(MediaType::File, folder("a.zip"))).kind(), ErrorKind::Argument);
    assert_eq!(world.records("upload", 0).len() + world.records("token", 0).len(), 0);
}

#[test]
fn a_token_that_ended_is_fetched_anew_and_the_file_sent_again() {
    let world = World::new();
    let client = client(&world);
    told(&client.upload(MediaType::Image, "a.png", "x"));
    world.control("break", json!({ "what": "revoke" }));
    told(&client.upload(MediaType::Image, "a.png", "x"));
    assert_eq!(world.records("token", 2).len(), 2);
}

#[test]
fn an_upload_that_is_given_up_ends() {
    let world = World::new();
    let client = client(&world);
    let call = client.upload_pieces(MediaType::Image, "a.png", 1_000_000);
    call.write(&[0; 1000], None).expect("taken");
    call.cancel();
    assert_eq!(refused(&call).kind(), ErrorKind::Cancelled);
    assert_eq!(call.write(b"x", None).expect_err("over").kind(), ErrorKind::Cancelled);
}

#[test]
fn no_more_is_uploaded_than_was_announced() {
    let world = World::new();
    let call = client(&world).upload_pieces(MediaType::Image, "a.png", 5);
    assert_eq!(call.write(b"hello world", None).expect("taken"), 5);
    assert_eq!(call.write(b" world", None).expect_err("too much").kind(), ErrorKind::Argument);
    told(&call);
    assert_eq!(world.records("upload", 1)[0]["size"], 5);
}

/// An endpoint that refuses the token of the first upload before any of the file was sent.
#[test]
fn what_is_written_goes_to_a_second_try_where_the_first_took_nothing() {
    let uploads = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&uploads);
    let server = Server::new(move |mut visit| {
        let uploads = Arc::clone(&counted);
        async move {
            let head = visit.head().await.expect("a request");
            if !head.contains("/media/upload") {
                visit.body(&head).await.expect("a body");
                return visit.respond(200, r#"{"accessToken":"t","expireIn":7200}"#).await;
            }
            if uploads.fetch_add(1, Ordering::SeqCst) == 0 {
                return visit.respond(200, r#"{"errcode":40014,"errmsg":"不合法的access_token"}"#).await;
            }
            let body = visit.body(&head).await.expect("a body");
            assert!(body.contains("hello"), "{body}");
            visit.respond(200, r#"{"errcode":0,"media_id":"@m"}"#).await;
        }
    });
    let mut config = server.config();
    config.oapi_endpoint = server.url();
    let call = Client::new(config).expect("valid").upload_pieces(MediaType::Image, "a.png", 5);
    wait_for("a second try", || uploads.load(Ordering::SeqCst) == 2);
    assert_eq!(call.write(b"hello", None).expect("taken"), 5);
    assert_eq!(told(&call), json!({ "mediaId": "@m", "type": "image" }));
}

#[test]
fn an_upload_that_nobody_takes_is_a_timeout_that_tells_no_token() {
    let server = Server::new(|mut visit| async move {
        let head = visit.head().await.expect("a request");
        if head.contains("/media/upload") {
            return std::future::pending().await;
        }
        visit.body(&head).await.expect("a body");
        visit.respond(200, r#"{"accessToken":"planted-token","expireIn":7200}"#).await;
    });
    let mut config = server.config();
    config.oapi_endpoint = server.url();
    config.request_timeout_ms = Duration::from_secs(1);
    let client = Client::new(config).expect("valid");
    let error = refused(&client.upload(MediaType::Video, "a.mp4", vec![0; 20 << 20]));
    assert_eq!((error.kind(), error.stage()), (ErrorKind::Timeout, "call:upload"));
    let text = format!("{error:?} {}", error.support_text());
    assert!(!text.contains("access_token") && !text.contains("planted"), "{text}");
}

#[test]
fn other_calls_take_and_bring_no_bytes() {
    let world = World::new();
    let call = client(&world).upload(MediaType::Image, "a.png", "x");
    assert_eq!(call.write(b"x", None).expect_err("none").kind(), ErrorKind::Argument);
    assert_eq!(call.read(&mut [0; 1], None).expect_err("none").kind(), ErrorKind::Argument);
}
