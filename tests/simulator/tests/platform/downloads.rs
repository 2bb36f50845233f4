//! The files of messages that a bot received.

use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::Sim;

const LOCATE: &str = "/v1.0/robot/messageFiles/download";
const HOUR_MS: u64 = 3_600_000;

async fn address(sim: &Sim, code: &str) -> String {
    let (status, answer) = sim.call(LOCATE, &json!({"robotCode": "ding-demo", "downloadCode": code})).await;
    assert_eq!(status, 200, "{answer}");
    answer["downloadUrl"].as_str().expect("an address").to_owned()
}

async fn fetch(sim: &Sim, address: &str) -> Response {
    sim.http.get(address).send().await.expect("an answer")
}

/// Every byte of the file, as far as it came.
async fn whole(mut response: Response) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend(chunk),
            Ok(None) => return (bytes, true),
            Err(_) => return (bytes, false),
        }
    }
}

#[tokio::test]
async fn a_download_code_leads_to_an_address_and_that_to_the_file() {
    let sim = Sim::start();
    sim.order("files", json!({"downloadCode": "c1", "base64": "AAEC", "contentType": "image/png"})).await;
    let url = address(&sim, "c1").await;
    let (path, _) = url.split_once('?').expect("a signature");
    assert!(path.starts_with(&sim.simulator.url()) && path.ends_with(".file"), "{url}");
    let response = fetch(&sim, &url).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    assert_eq!(response.headers()["content-length"], "3");
    assert_eq!(whole(response).await, (vec![0, 1, 2], true));
    let record = sim.record("kind=download").await;
    assert_eq!((&record["downloadCode"], &record["withToken"]), (&json!("c1"), &json!(false)));
    let unplanted = address(&sim, "c2").await;
    assert_eq!(whole(fetch(&sim, &unplanted).await).await.0, b"c2");
}

#[tokio::test]
async fn a_code_is_for_its_robot() {
    let sim = Sim::start();
    for (robot, code, refused) in [
        ("other", "c1", "invalidParameter.robotCode.auth"),
        ("", "c1", "invalidParameter.robotCode.empty"),
        ("ding-demo", "", "invalidParameter.robotCode.empty"),
    ] {
        assert_eq!(sim.refusal(LOCATE, &json!({"robotCode": robot, "downloadCode": code})).await.1, refused);
    }
    sim.order("break", json!({"what": LOCATE, "code": "invalidParameter.robotCode.downloadCode"})).await;
    let (_, refused) = sim.call(LOCATE, &json!({"robotCode": "ding-demo", "downloadCode": "c1"})).await;
    assert_eq!(refused["message"], "下载码有误或者已经过期");
}

#[tokio::test]
async fn an_address_holds_for_an_hour_and_as_it_was_given() {
    let sim = Sim::start();
    let url = address(&sim, "c1").await;
    let (unsigned, _) = url.split_once("&Signature").expect("a signature");
    let refused = fetch(&sim, unsigned).await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.expect("a body").contains("<Code>SignatureDoesNotMatch</Code>"));
    sim.order("clock", json!({"advance": HOUR_MS + 1_000})).await;
    assert!(fetch(&sim, &url).await.text().await.expect("a body").contains("Request has expired."));
    assert_eq!(fetch(&sim, &sim.url("/files/made-up.file")).await.status(), 404);
}

#[tokio::test]
async fn an_address_may_lead_on_to_another() {
    let sim = Sim::start();
    sim.order("settings", json!({"downloadRedirects": 2})).await;
    let url = address(&sim, "c1").await;
    assert_eq!(whole(fetch(&sim, &url).await).await.0, b"c1");
    let statuses: Vec<_> = sim.records("kind=download&count=3").await.iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [302, 302, 200]);
}

#[tokio::test]
async fn a_file_of_any_size_comes_in_chunks_of_any_size() {
    let sim = Sim::start();
    let size = 3_000_000;
    let plan = json!({"downloadCode": "c1", "size": size, "chunkBytes": 100_000, "chunked": true});
    sim.order("files", plan).await;
    let response = fetch(&sim, &address(&sim, "c1").await).await;
    assert_eq!(response.content_length(), None);
    let (bytes, complete) = whole(response).await;
    assert!(complete && bytes.iter().enumerate().all(|(place, byte)| place % 251 == usize::from(*byte)));
    assert_eq!(bytes.len(), size);
}

#[tokio::test]
async fn a_file_breaks_off_or_never_ends() {
    let sim = Sim::start();
    sim.order("files", json!({"downloadCode": "cut", "size": 100_000, "chunkBytes": 10_000, "cutAt": 50_000})).await;
    let (bytes, complete) = whole(fetch(&sim, &address(&sim, "cut").await).await).await;
    assert!(!complete && bytes.len() <= 50_000, "{}", bytes.len());
    sim.order("files", json!({"downloadCode": "stalled", "size": 100_000, "stallAt": 50_000})).await;
    let mut response = fetch(&sim, &address(&sim, "stalled").await).await;
    let mut came = 0;
    while came < 50_000 {
        came += response.chunk().await.expect("a chunk").expect("more to come").len();
    }
    assert_eq!(came, 50_000);
    let next = tokio::time::timeout(std::time::Duration::from_millis(50), response.chunk()).await;
    assert!(next.is_err(), "{next:?}");
}

#[tokio::test]
async fn a_download_fails_on_order() {
    let sim = Sim::start();
    let url = address(&sim, "c1").await;
    sim.order("break", json!({"what": "download", "status": 500, "times": 1})).await;
    assert_eq!(fetch(&sim, &url).await.status(), 500);
    assert_eq!(fetch(&sim, &url).await.status(), 200);
    assert_eq!(sim.record("kind=download&status=500").await["spoilt"], Value::from(true));
}

#[tokio::test]
async fn a_plan_that_makes_no_sense_is_refused() {
    let sim = Sim::start();
    for plan in [
        json!({"text": "x"}),
        json!({"downloadCode": "c1"}),
        json!({"downloadCode": "c1", "text": "x", "size": 1}),
        json!({"downloadCode": "c1", "text": "x", "chunkBytes": 0}),
    ] {
        assert_eq!(sim.post("/_sim/files", plan).await.0, 400);
    }
}
