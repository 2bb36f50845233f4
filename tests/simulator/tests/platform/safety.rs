//! Who is served: this machine's own programs, not the pages in its browser.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, http::HeaderValue};

use crate::harness::{DEADLINE, MESSAGES, Sim, data};

#[tokio::test]
async fn only_the_loopback_address_is_bound() {
    let sim = Sim::start();
    let port = sim.simulator.url().rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).expect("a port");
    assert!(tokio::net::TcpStream::connect(("127.0.0.2", port)).await.is_err());
}

#[tokio::test]
async fn another_host_is_refused() {
    let sim = Sim::start();
    let port = sim.simulator.url().rsplit(':').next().expect("a port").to_owned();
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("[::1]:{port}"), 200),
        (format!("attacker.example:{port}"), 403),
        ("127.0.0.1".to_owned(), 403),
        ("127.0.0.1:1".to_owned(), 403),
    ] {
        for path in ["/_sim/state", "/gettoken"] {
            let response = sim.http.get(sim.url(path)).header("host", &host).send().await.expect("an answer");
            assert_eq!(response.status(), status, "{host}");
        }
    }
}

#[tokio::test]
async fn the_host_of_the_endpoint_is_served_while_it_is_set() {
    let sim = Sim::start();
    for (base, status) in [(json!("ws://proxy.test:4000"), 200), (json!(null), 403)] {
        sim.order("settings", json!({"endpointBase": base})).await;
        let response = sim.http.get(sim.url("/_sim/state")).header("host", "proxy.test:4000").send().await;
        assert_eq!(response.expect("an answer").status(), status, "{base}");
    }
}

#[tokio::test]
async fn another_origin_is_refused() {
    let sim = Sim::start();
    for (origin, status) in
        [(sim.simulator.url(), 200), ("https://attacker.example".to_owned(), 403), ("null".to_owned(), 403)]
    {
        let response = sim.http.post(sim.url("/_sim/heal")).header("origin", &origin).send().await;
        assert_eq!(response.expect("an answer").status(), status, "{origin}");
    }
}

#[tokio::test]
async fn a_websocket_from_another_host_or_origin_is_refused() {
    let sim = Sim::start();
    for (name, value) in [("origin", "https://attacker.example"), ("host", "attacker.example")] {
        let mut request = sim.address(&[("CALLBACK", MESSAGES)]).await.into_client_request().expect("a request");
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        match connect_async(request).await {
            Err(Error::Http(response)) => assert_eq!(response.status(), 403),
            other => panic!("a refused upgrade, not {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let sim = Sim::start();
    for path in ["/v1.0/gateway/connections/open", "/robot/sendBySession?session=x", "/v1.0/oauth2/accessToken"] {
        let sent = sim.http.post(sim.url(path)).body(vec![b' '; 1024 * 1024 + 1]).send().await;
        // Refused before it was read to its end, so the sender may see the connection go.
        assert!(sent.map_or(true, |response| response.status() == 413), "{path}");
    }
}

#[tokio::test]
async fn an_address_that_a_bot_gives_is_never_fetched() {
    let sim = Sim::start();
    let trap = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/picture.png", trap.local_addr().expect("an address"));
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message"})).await;
    let webhook = data(&bot.frame().await)["sessionWebhook"].as_str().expect("a webhook").to_owned();
    let links = json!([{"title": "t", "messageURL": url, "picURL": url}]);
    let body = json!({"msgtype": "feedCard", "feedCard": {"links": links}});
    sim.http.post(webhook).json(&body).send().await.expect("an answer");
    sim.record("kind=reply&errcode=0").await;
    trap.set_nonblocking(true).expect("a socket");
    assert!(trap.accept().is_err());
}

#[tokio::test]
async fn a_wait_that_is_given_up_holds_nothing() {
    let sim = Sim::start();
    let waiting = sim.http.get(sim.url("/_sim/records?kind=never&wait=60000")).timeout(Duration::from_millis(50));
    assert!(waiting.send().await.is_err());
    tokio::time::timeout(DEADLINE, sim.get("/_sim/state")).await.expect("the simulator still answers");
}
