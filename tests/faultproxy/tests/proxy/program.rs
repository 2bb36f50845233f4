//! The program around the library.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use crate::harness::{expect, expect_reset, send, soon};

async fn program(arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dingstream-faultproxy"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    soon(BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line)).await.expect("a line");
    (child, serde_json::from_str(&line).expect("the ready line is JSON"))
}

async fn post(ready: &Value, order: &str, body: Value) -> (u16, Value) {
    // Reqwest wants a TLS provider even for plain HTTP. Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().expect("a plain client can be built");
    let url = format!("{}{order}", ready["control"].as_str().expect("an address"));
    let request = if order == "ledger" { http.get(url) } else { http.post(url).json(&body) };
    let response = soon(request.send()).await.expect("an answer");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn it_takes_orders_and_ends_with_standard_input() {
    let server = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let upstream = server.local_addr().expect("bound").to_string();
    let (mut child, ready) = program(&["--upstream", &upstream, "--exit-with-stdin"]).await;
    let address = ready["url"].as_str().expect("an address").replace("http://", "");
    let mut client = TcpStream::connect(address).await.expect("it listens");
    let (mut accepted, _) = soon(server.accept()).await.expect("it forwards");
    send(&mut client, b"there").await;
    expect(&mut accepted, b"there").await;

    let struck = post(&ready, "strike", json!({"what": "reset", "on": {"connection": 1}})).await;
    assert_eq!(struck, (200, json!({"connections": [1]})));
    expect_reset(&mut client).await;
    assert_eq!(post(&ready, "heal", json!({})).await.0, 200);
    assert_eq!(post(&ready, "ledger", json!({})).await, (200, json!({"sockets": []})));
    let (status, refused) = post(&ready, "strike", json!({"what": "explode"})).await;
    assert!(status == 400 && refused["error"].is_string(), "{refused}");

    drop(child.stdin.take());
    assert_eq!(soon(child.wait()).await.expect("an exit status").code(), Some(0));
}

#[tokio::test]
async fn it_writes_the_certificate_that_clients_have_to_trust() {
    let file = std::env::temp_dir().join(format!("dingstream-faultproxy-{}.pem", std::process::id()));
    let path = file.to_str().expect("a plain path");
    let (_child, ready) = program(&["--upstream", "127.0.0.1:1", "--tls", "wrong-host", "--ca", path]).await;
    assert!(ready["url"].as_str().is_some_and(|url| url.starts_with("https://localhost:")));
    let written = std::fs::read_to_string(&file).expect("written");
    std::fs::remove_file(&file).expect("removed");
    assert!(written.starts_with("-----BEGIN CERTIFICATE-----"));
}
