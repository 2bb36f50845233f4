//! Files on their way to DingTalk and from it.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingstream::{Call, Client, Error, ErrorKind, MediaType};
use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::{InTime, World, wait_for};

fn client(world: &World) -> Client {
    Client::new(world.config()).expect("valid")
}

fn told(call: &Call) -> Value {
    call.in_time().expect("done").value("").expect("JSON")
}

fn refused(call: &Call) -> Error {
    call.in_time().expect_err("refused")
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dingstream-media-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// What is read of a download, and how it ended.
fn read(call: &Call) -> Result<Vec<u8>, Error> {
    let (mut whole, mut buffer) = (Vec::new(), [0; 10_000]);
    loop {
        let read = call.read(&mut buffer, Some(Duration::from_secs(20)))?;
        whole.extend_from_slice(&buffer[..read.bytes]);
        if read.ended {
            return Ok(whole);
        }
        assert!(read.bytes > 0, "nothing came in time");
    }
}

fn plant(world: &World, file: Value) {
    let mut file = file;
    file["downloadCode"] = "c1".into();
    world.control("files", file);
}

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
    config.request_timeout_ms = Duration::from_millis(200);
    let client = Client::new(config).expect("valid");
    let error = refused(&client.upload(MediaType::Video, "a.mp4", vec![0; 20 << 20]));
    assert_eq!((error.kind(), error.stage()), (ErrorKind::Timeout, "call:upload"));
    let text = format!("{error:?} {}", error.support_text());
    assert!(!text.contains("access_token") && !text.contains("planted"), "{text}");
}

#[test]
fn a_file_is_read_as_it_comes_and_its_name_mended() {
    let world = World::new();
    plant(&world, json!({ "base64": "iVBORw0KGgoAAAAN", "contentType": "application/octet-stream" }));
    let call = client(&world).download("c1", None);
    assert_eq!(read(&call).expect("whole"), b"\x89PNG\r\n\x1a\n\0\0\0\r");
    let told = told(&call);
    assert_eq!((&told["bytes"], &told["contentType"]), (&json!(12), &json!("application/octet-stream")));
    assert!(told["name"].as_str().is_some_and(|name| name.ends_with(".png")), "{told}");
    assert_eq!(world.records("download", 1)[0]["withToken"], false);
}

#[test]
fn a_large_file_is_whole_wherever_it_goes() {
    let world = World::new();
    plant(&world, json!({ "size": 5_000_000, "contentType": "video/mp4" }));
    world.control("settings", json!({ "downloadRedirects": 3 }));
    let client = client(&world);
    let whole = read(&client.download("c1", None)).expect("whole");
    assert!(whole.len() == 5_000_000 && whole[4_999_999] == (4_999_999 % 251) as u8);
    let folder = folder("down");
    let into_folder = told(&client.download_file("c1", None, &folder));
    let path = PathBuf::from(into_folder["path"].as_str().expect("a path"));
    assert!(path.starts_with(&folder) && path.extension().is_some_and(|ending| ending == "mp4"), "{path:?}");
    assert_eq!(fs::read(path).expect("there"), whole);
    told(&client.download_file("c1", None, folder.join("mine.bin")));
    assert_eq!(fs::read(folder.join("mine.bin")).expect("there"), whole);
    assert!(fs::read_dir(&folder).expect("a folder").all(|file| !file.expect("a file").path().ends_with(".part")));
}

#[test]
fn what_goes_wrong_on_the_way_leaves_nothing_behind() {
    let world = World::new();
    let mut config = world.config();
    config.download_bytes = 100_000;
    config.request_timeout_ms = Duration::from_millis(300);
    let client = Client::new(config).expect("valid");
    let folder = folder("broken");
    for (file, kind) in [
        (json!({ "size": 100_001 }), ErrorKind::TooLarge),
        (json!({ "size": 100_001, "chunked": true }), ErrorKind::TooLarge),
        (json!({ "size": 50_000, "cutAt": 20_000 }), ErrorKind::Network),
        (json!({ "size": 50_000, "stallAt": 20_000 }), ErrorKind::Timeout),
    ] {
        plant(&world, file.clone());
        let error = refused(&client.download_file("c1", None, folder.join("a.bin")));
        assert_eq!(error.kind(), kind, "{file}: {error}");
        assert_eq!(read(&client.download("c1", None)).expect_err("broken").kind(), kind, "{file}");
        assert!(!error.support_text().contains("Signature"), "{}", error.support_text());
    }
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 0);
    plant(&world, json!({ "text": "x" }));
    assert_eq!(refused(&client.download_file("c1", None, "/nowhere/a.bin")).kind(), ErrorKind::Argument);
}

#[test]
fn an_address_leads_on_five_times_at_most() {
    let world = World::new();
    let client = client(&world);
    plant(&world, json!({ "text": "x" }));
    for redirects in [0, 5] {
        world.control("settings", json!({ "downloadRedirects": redirects }));
        assert_eq!(read(&client.download("c1", None)).expect("whole"), b"x", "{redirects}");
    }
    world.control("settings", json!({ "downloadRedirects": 6 }));
    let error = read(&client.download("c1", None)).expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(!format!("{error:?} {}", error.support_text()).contains("Signature"), "{error}");
}

#[test]
fn a_slow_file_that_moves_on_is_whole() {
    let world = World::new();
    let mut config = world.config();
    config.request_timeout_ms = Duration::from_millis(400);
    plant(&world, json!({ "size": 10_000, "chunkBytes": 1000, "chunkMs": 60 }));
    let client = Client::new(config).expect("valid");
    assert_eq!(read(&client.download("c1", None)).expect("whole").len(), 10_000);
}

#[test]
fn a_download_that_is_cancelled_leaves_nothing_behind() {
    let world = World::new();
    plant(&world, json!({ "size": 500_000, "stallAt": 200_000 }));
    let folder = folder("cancelled");
    let part = folder.join("a.bin.part");
    let call = client(&world).download_file("c1", None, folder.join("a.bin"));
    wait_for("a part", || part.metadata().is_ok_and(|part| part.len() > 0));
    call.cancel();
    assert_eq!(refused(&call).kind(), ErrorKind::Cancelled);
    wait_for("the removal of the part", || !part.exists());
}

#[test]
fn a_code_that_is_no_longer_valid_is_expired() {
    let world = World::new();
    let client = client(&world);
    let path = "/v1.0/robot/messageFiles/download";
    world.breaks(path, json!({ "code": "invalidParameter.robotCode.downloadCode", "times": 1 }));
    let error = read(&client.download("c1", None)).expect_err("expired");
    assert_eq!((error.kind(), error.stage()), (ErrorKind::Expired, "call:download"));
    world.breaks("download", json!({ "status": 403, "body": "<Error/>", "times": 1 }));
    assert_eq!(refused(&client.download_file("c1", None, folder("late"))).kind(), ErrorKind::Expired);
}

#[test]
fn a_download_that_nobody_reads_any_more_ends() {
    let world = World::new();
    plant(&world, json!({ "size": 50_000_000 }));
    let client = client(&world);
    let call = client.download("c1", None);
    call.read(&mut [0; 10], None).expect("begun");
    drop(call);
    wait_for("the end of the transfer", || client.stats().calls_in_flight == 0);
    let stopped = client.download("c1", Some("ding-demo"));
    stopped.read(&mut [0; 10], None).expect("begun");
    stopped.cancel();
    assert_eq!(read(&stopped).expect_err("cancelled").kind(), ErrorKind::Cancelled);
}

#[test]
fn other_calls_take_and_bring_no_bytes() {
    let world = World::new();
    let call = client(&world).upload(MediaType::Image, "a.png", "x");
    assert_eq!(call.write(b"x", None).expect_err("none").kind(), ErrorKind::Argument);
    assert_eq!(call.read(&mut [0; 1], None).expect_err("none").kind(), ErrorKind::Argument);
}
