//! What the Java SDK had to fix.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingstream::{Client, Config};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::server::{Server, TICKET};
use crate::support::{InTime, World, message, next, state, wait_for};

/// Java: an HTTP answer was read as far as it had arrived.
#[test]
fn jv_f1c44dc_an_answer_in_pieces_is_read_whole() {
    let server = Server::new(|mut visit| async move {
        if !visit.posts {
            let mut socket = visit.upgrade().await;
            while let Some(Ok(_)) = socket.next().await {}
            return;
        }
        visit.request().await;
        let granted = json!({ "endpoint": visit.endpoint(), "ticket": TICKET }).to_string();
        let _ = visit.stream.set_nodelay(true);
        let _ = visit.stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
        for byte in granted.chars() {
            let _ = visit.stream.write_all(format!("1\r\n{byte}\r\n").as_bytes()).await;
            tokio::task::yield_now().await;
        }
        let _ = visit.stream.write_all(b"0\r\n\r\n").await;
        visit.silence().await;
    });
    let client = Client::new(server.config()).expect("valid");
    client.start().in_time().expect("connected");
    assert_eq!(client.stats().open_failures, 0);
}

/// Java: a frame above 64 KiB ended the connection.
#[test]
fn jv_04f837b_a_frame_above_64_kib_is_read() {
    let world = World::new();
    let client = world.connected(world.config());
    for size in [65_535, 65_536, 70_000] {
        world.push(message(&"x".repeat(size)));
        let delivery = next(client.queue());
        assert_eq!(delivery.data().text("/text/content").map(|text| text.len()), Some(size));
        delivery.ok(Value::Null).expect("settled");
    }
    assert_eq!(client.stats().opened, 1);
}

/// Java: a single-use ticket was tried again.
#[test]
fn jv_5a16529_every_try_has_a_ticket_of_its_own() {
    let tickets = Arc::new(Mutex::new(Vec::new()));
    let used = Arc::clone(&tickets);
    let server = Server::new(move |mut visit| {
        let used = Arc::clone(&used);
        async move {
            if !visit.posts {
                let request = visit.request().await.expect("an upgrade");
                used.lock().expect("kept").extend(request.head.lines().next().map(str::to_owned));
                return visit.respond(401, "").await;
            }
            while visit.request().await.is_some() {
                let granted = json!({ "endpoint": visit.endpoint(), "ticket": visit.opens().to_string() });
                visit.respond(200, &granted.to_string()).await;
            }
        }
    });
    let client = Client::new(server.config()).expect("valid");
    drop(client.start());
    wait_for("some tries", || client.stats().open_failures >= 10);
    client.stop(Duration::ZERO).in_time().expect("stopped");
    let tickets = tickets.lock().expect("kept");
    assert!(tickets.len() >= 10 && tickets.iter().all(|line| line.starts_with("GET /connect?ticket=")), "{tickets:?}");
    assert_eq!(tickets.iter().collect::<HashSet<_>>().len(), tickets.len(), "{tickets:?}");
}

/// Java: two minutes of silence passed before a connection was asked for a sign of life.
#[test]
fn jv_258b3c5_a_minute_of_silence_is_enough() {
    let config = Config::default();
    assert!(config.ping_after_ms <= Duration::from_secs(60));
    assert!(config.ping_timeout_ms * u32::try_from(config.ping_attempts).expect("few") <= Duration::from_secs(30));
}

/// Java: what the client calls itself lacked the mark that DingTalk tells clients of all regions by.
#[test]
fn jv_684fcca_the_client_calls_itself_union() {
    let world = World::new();
    let _client = world.connected(world.config());
    let ua = world.records("open", 1).remove(0)["body"]["ua"].take();
    assert!(ua.as_str().is_some_and(|ua| ua.starts_with("dingstream-sdk-rust/") && ua.ends_with("-union")), "{ua}");
}

/// A certificate of `localhost`, and its key.
const LOCALHOST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/localhost.pem");

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(LOCALHOST).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(LOCALHOST).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    TlsAcceptor::from(Arc::new(config.expect("a key that fits")))
}

/// A client that is sent to `host`, where the server has a certificate of `localhost`.
fn sent_to(host: &'static str) -> (Server, Client) {
    let acceptor = acceptor();
    let server = Server::new(move |visit| {
        let acceptor = acceptor.clone();
        async move {
            if visit.posts {
                let endpoint = format!("wss://{host}:{}/connect", visit.address.port());
                return visit.grant(&endpoint).await;
            }
            if let Ok(stream) = acceptor.accept(visit.stream).await {
                let mut socket = tokio_tungstenite::accept_async(stream).await.expect("an upgrade");
                while let Some(Ok(_)) = socket.next().await {}
            }
        }
    });
    let mut config = server.config();
    config.ca_file = LOCALHOST.to_owned();
    let client = Client::new(config).expect("valid");
    (server, client)
}

/// Java: the name in a certificate was not compared with the host's.
#[test]
fn jv_0e85d35_a_certificate_of_another_host_is_refused() {
    let (_server, right) = sent_to("localhost");
    right.start().in_time().expect("the certificate itself is good");
    let (_server, wrong) = sent_to("127.0.0.1");
    drop(wrong.start());
    let refused = state(wrong.queue(), "waiting");
    assert_eq!(refused.data().text("/error/kind").as_deref(), Some("tls"));
}
