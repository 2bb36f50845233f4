//! Files on their way from DingTalk.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingstream::{Call, Client, Error, ErrorKind};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{client, folder, refused, told};
use crate::support::server::Server;
use crate::support::{World, wait_for};

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
    assert_eq!(parts(&folder), [0; 0]);
    let both =
        [client.download_file("c1", None, folder.join("both")), client.download_file("c1", None, folder.join("both"))];
    both.iter().for_each(|call| drop(told(call)));
    assert_eq!(fs::read(folder.join("both")).expect("there"), whole);
}

/// How large the files are that are not whole yet.
fn parts(folder: &Path) -> Vec<u64> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file"));
    let parts = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "part"));
    parts.map(|part| part.metadata().map_or(0, |found| found.len())).collect()
}

#[test]
fn what_goes_wrong_on_the_way_leaves_nothing_behind() {
    let world = World::new();
    let mut config = world.config();
    config.download_bytes = 100_000;
    let client = Client::new(config.clone()).expect("valid");
    config.request_timeout_ms = Duration::from_millis(300);
    let hasty = Client::new(config).expect("valid");
    let folder = folder("broken");
    for (client, file, kind) in [
        (&client, json!({ "size": 100_001 }), ErrorKind::TooLarge),
        (&client, json!({ "size": 100_001, "chunked": true }), ErrorKind::TooLarge),
        (&client, json!({ "size": 50_000, "cutAt": 20_000 }), ErrorKind::Network),
        (&hasty, json!({ "size": 50_000, "stallAt": 20_000 }), ErrorKind::Timeout),
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
    // Longer than a slow machine stands still, and less than it takes in all.
    config.request_timeout_ms = Duration::from_secs(5);
    plant(&world, json!({ "size": 10_000, "chunkBytes": 1000, "chunkMs": 600 }));
    let client = Client::new(config).expect("valid");
    assert_eq!(read(&client.download("c1", None)).expect("whole").len(), 10_000);
}

#[test]
fn a_download_that_is_cancelled_leaves_nothing_behind() {
    let world = World::new();
    plant(&world, json!({ "size": 500_000, "stallAt": 200_000 }));
    let folder = folder("cancelled");
    let call = client(&world).download_file("c1", None, folder.join("a.bin"));
    wait_for("a part", || parts(&folder).iter().any(|bytes| *bytes > 0));
    call.cancel();
    assert_eq!(refused(&call).kind(), ErrorKind::Cancelled);
    wait_for("the removal of the part", || parts(&folder).is_empty());
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

/// Many proxies let tunnels lead to TLS alone.
#[test]
fn a_proxy_is_asked_for_a_plain_address_and_not_for_a_tunnel() {
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&asked);
    let proxy = Server::new(move |mut visit| {
        let seen = Arc::clone(&seen);
        async move {
            let request = visit.request().await.expect("a request");
            let is_file = request.head.starts_with("GET ");
            seen.lock().expect("no panic").push(request.head);
            let told = r#"{"accessToken":"t","expireIn":7200,"downloadUrl":"http://files.invalid/a.file?Signature=s"}"#;
            visit.respond(200, if is_file { "hello" } else { told }).await;
        }
    });
    let mut config = proxy.config();
    config.endpoint = "http://api.invalid".to_owned();
    config.proxy = proxy.url().replace("//", "//user:word@").into();
    let call = Client::new(config).expect("valid").download("c1", None);
    assert_eq!(read(&call).expect("whole"), b"hello");
    let asked = asked.lock().expect("no panic");
    let file = asked.last().expect("the file").to_lowercase();
    assert!(
        file.starts_with("get http://files.invalid/a.file?signature=s http/1.1\r\nhost: files.invalid\r\n"),
        "{file}"
    );
    assert!(file.contains("proxy-authorization: basic dxnlcjp3b3jk"), "{file}");
    assert!(!file.contains("content-type") && !file.contains("token"), "{file}");
}

/// A certificate of `localhost`, and its key.
const LOCALHOST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/localhost.pem");

#[test]
fn a_file_under_tls_comes_from_the_host_that_was_named_alone() {
    let certificate = CertificateDer::from_pem_file(LOCALHOST).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(LOCALHOST).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a key that fits")));
    let server = Server::new(move |mut visit| {
        let acceptor = acceptor.clone();
        async move {
            if !visit.posts {
                let Ok(mut stream) = acceptor.accept(visit.stream).await else { return };
                let _ = stream.write_all(b"HTTP/1.1 200 told\r\ncontent-length: 5\r\n\r\nhello").await;
                let _ = stream.read_to_end(&mut Vec::new()).await;
                return;
            }
            while let Some(request) = visit.request().await {
                let host = if request.body.contains("right") { "localhost" } else { "127.0.0.1" };
                let url = format!("https://{host}:{}/a.file?Signature=s", visit.address.port());
                visit.respond(200, &json!({ "accessToken": "t", "downloadUrl": url }).to_string()).await;
            }
        }
    });
    let mut config = server.config();
    config.ca_file = LOCALHOST.to_owned();
    let client = Client::new(config).expect("valid");
    assert_eq!(read(&client.download("right", None)).expect("whole"), b"hello");
    let error = read(&client.download("wrong", None)).expect_err("another host");
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(!format!("{error:?} {}", error.support_text()).contains("Signature"), "{error}");
}
