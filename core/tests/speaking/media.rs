//! Files on their way to DingTalk and from it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use dingstream::{Call, Client, Error, ErrorKind, MediaType};
use serde_json::{Value, json};

use crate::support::{InTime, World};

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
    for (kind, name, bytes) in
        [(MediaType::Image, "a.png", ""), (MediaType::Image, "png", "x"), (MediaType::Image, "", "x")]
    {
        assert_eq!(refused(&client.upload(kind, name, bytes)).kind(), ErrorKind::Argument, "{name:?}");
    }
    assert_eq!(refused(&client.upload_file(MediaType::Image, "/nowhere/a.png")).kind(), ErrorKind::Argument);
    assert_eq!(refused(&client.upload_pieces(MediaType::Video, "a.mp4", 30 << 20)).kind(), ErrorKind::TooLarge);
    assert_eq!(world.records("upload", 0).len(), 0);
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
    world.control("settings", json!({ "downloadRedirects": 9 }));
    assert_eq!(refused(&client.download_file("c1", None, folder.join("a"))).kind(), ErrorKind::Protocol);
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
    assert_eq!(client.stats().calls, 1);
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
