//! Opening a connection: who is let in, and what a ticket is good for.

use serde_json::json;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;

use crate::harness::{MESSAGES, Sim};

const OPEN: &str = "/v1.0/gateway/connections/open";
const SUBSCRIBED: &[(&str, &str)] = &[("CALLBACK", MESSAGES)];

async fn refusal(address: &str) -> u16 {
    match connect_async(address).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("an upgrade that is refused, not {other:?}"),
    }
}

#[tokio::test]
async fn a_client_opens_connects_and_is_seen() {
    let sim = Sim::start();
    let bot = sim.bot(SUBSCRIBED).await;
    let seen = &sim.connections().await[0];
    assert_eq!(seen["id"], bot.id);
    assert_eq!(seen["clientId"], "ding-demo");
    assert_eq!(seen["state"], "open");
    assert_eq!(seen["ua"], "test/1");
    assert_eq!(seen["subscriptions"], json!([{"type": "CALLBACK", "topic": MESSAGES}]));
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_id_are_refused_alike() {
    let sim = Sim::start();
    for (field, value) in [("clientSecret", "wrong"), ("clientId", "unknown"), ("clientId", " ding-demo")] {
        let mut opening = Sim::opening(SUBSCRIBED);
        opening[field] = json!(value);
        let (status, refused) = sim.post(OPEN, opening).await;
        assert_eq!((status, &refused["code"]), (401, &json!("authFailed")));
        assert_eq!(refused["message"], "鉴权失败");
        assert!(refused["requestid"].is_string());
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let sim = Sim::start();
    for field in ["clientId", "clientSecret", "subscriptions"] {
        let mut opening = Sim::opening(SUBSCRIBED);
        opening[field] = json!(null);
        let (status, refused) = sim.post(OPEN, opening).await;
        assert_eq!((status, &refused["code"]), (400, &json!(format!("Missing{field}"))));
    }
    let (status, _) = sim.post(OPEN, json!("not an object")).await;
    assert_eq!(status, 400);
    let (status, _) = sim.post(OPEN, Sim::opening(&[("OTHER", "*")])).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_ticket_is_used_once() {
    let sim = Sim::start();
    let address = sim.address(SUBSCRIBED).await;
    let (_socket, _) = connect_async(&address).await.expect("a fresh ticket");
    assert_eq!(refusal(&address).await, 401);
    assert_eq!(refusal(&sim.url("/connect?ticket=made-up").replace("http", "ws")).await, 401);
}

#[tokio::test]
async fn a_ticket_lives_ninety_seconds() {
    let sim = Sim::start();
    let (young, old) = (sim.address(SUBSCRIBED).await, sim.address(SUBSCRIBED).await);
    sim.order("clock", json!({"advance": 80_000})).await;
    connect_async(young).await.expect("a ticket that is still good");
    sim.order("clock", json!({"advance": 10_001})).await;
    assert_eq!(refusal(&old).await, 401);
    assert_eq!(sim.record("kind=connect&status=401").await["reason"], "expired ticket");
}

#[tokio::test]
async fn a_hard_ticket_must_be_percent_encoded() {
    let sim = Sim::start();
    sim.order("settings", json!({"hardTickets": true})).await;
    for (encode, good) in [(true, true), (false, false)] {
        let (_, opened) = sim.post(OPEN, Sim::opening(SUBSCRIBED)).await;
        let ticket = opened["ticket"].as_str().expect("a ticket");
        let sent = if encode {
            ticket.bytes().map(|byte| format!("%{byte:02X}")).collect()
        } else {
            ticket.replace([' ', '#'], "")
        };
        let address = format!("{}?ticket={sent}", opened["endpoint"].as_str().expect("an endpoint"));
        assert_eq!(connect_async(address).await.is_ok(), good);
    }
}

#[tokio::test]
async fn the_path_and_query_of_the_endpoint_are_kept_by_the_client() {
    let sim = Sim::start();
    sim.order("settings", json!({"endpointPath": "/connect/v2?zone=a"})).await;
    let address = || async { sim.address(SUBSCRIBED).await.replace("zone=a?", "zone=a&") };
    connect_async(address().await).await.expect("the address as given");
    assert_eq!(refusal(&address().await.replace("zone=a&", "")).await, 404);
    assert_eq!(refusal(&address().await.replace("/v2", "")).await, 404);
}

#[tokio::test]
async fn the_endpoint_may_be_somewhere_else() {
    let sim = Sim::start();
    for (base, begins) in [
        (json!("wss://localhost:4000"), "wss://localhost:4000/connect?ticket=".to_owned()),
        (json!(null), sim.url("/connect?ticket=").replace("http", "ws")),
    ] {
        sim.order("settings", json!({"endpointBase": base})).await;
        let address = sim.address(SUBSCRIBED).await;
        assert!(address.starts_with(&begins), "{address}");
    }
    for base in ["http://localhost:4000", "ws://", "ws://localhost/path"] {
        assert_eq!(sim.post("/_sim/settings", json!({"endpointBase": base})).await.0, 400, "{base}");
    }
}

#[tokio::test]
async fn apps_come_and_go() {
    let sim = Sim::start();
    sim.order("apps", json!({"clientId": "other", "clientSecret": "s"})).await;
    let mut opening = Sim::opening(SUBSCRIBED);
    opening["clientId"] = json!("other");
    opening["clientSecret"] = json!("s");
    assert_eq!(sim.post(OPEN, opening.clone()).await.0, 200);
    let removed = sim.http.delete(sim.url("/_sim/apps/other")).send().await.expect("an answer");
    assert_eq!(removed.status(), 200);
    assert_eq!(sim.post(OPEN, opening).await.0, 401);
}

#[tokio::test]
async fn opening_and_upgrading_fail_on_order_and_heal() {
    let sim = Sim::start();
    sim.order("break", json!({"what": "open", "status": 503, "body": "<html>busy</html>", "times": 1})).await;
    let response = sim.http.post(sim.url(OPEN)).json(&Sim::opening(SUBSCRIBED)).send().await.expect("an answer");
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.text().await.expect("a body"), "<html>busy</html>");

    sim.order("break", json!({"what": "upgrade", "status": 502})).await;
    assert_eq!(refusal(&sim.address(SUBSCRIBED).await).await, 502);
    sim.order("heal", json!({})).await;
    connect_async(sim.address(SUBSCRIBED).await).await.expect("a healed gateway");
}
