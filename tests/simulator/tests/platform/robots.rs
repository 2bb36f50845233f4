//! Custom robots.

use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Value, json};

use crate::harness::{Sim, with};

async fn robot(sim: &Sim, more: Value) -> Value {
    sim.order("robots", with(json!({"accessToken": "robot-token"}), more)).await
}

async fn send_to(sim: &Sim, query: &str, body: &Value) -> (i64, String) {
    let (status, answer) = sim.post(&format!("/robot/send?{query}"), body.clone()).await;
    assert_eq!(status, 200);
    (answer["errcode"].as_i64().expect("a code"), answer["errmsg"].as_str().expect("a message").to_owned())
}

async fn send(sim: &Sim, body: &Value) -> (i64, String) {
    send_to(sim, "access_token=robot-token", body).await
}

fn text(content: &str) -> Value {
    json!({"msgtype": "text", "text": {"content": content}})
}

fn ok() -> (i64, String) {
    (0, "ok".to_owned())
}

fn signed(secret: &str, timestamp: u128) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let sign = STANDARD.encode(hmac::sign(&key, format!("{timestamp}\n{secret}").as_bytes()));
    let sign = sign.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("access_token=robot-token&timestamp={timestamp}&sign={sign}")
}

fn now() -> u128 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock").as_millis()
}

#[tokio::test]
async fn a_message_is_shown_and_recorded() {
    let sim = Sim::start();
    assert_eq!(robot(&sim, json!({})).await, json!({"robot": 0}));
    assert_eq!(send(&sim, &text("hi")).await, ok());
    let record = sim.record("kind=robot").await;
    assert_eq!((&record["robot"], &record["body"], &record["shown"]), (&json!(0), &text("hi"), &json!(true)));
    assert_eq!((&record["errcode"], &record["signed"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn robots_that_are_unknown_or_stopped_send_nothing() {
    let sim = Sim::start();
    assert_eq!(send(&sim, &text("hi")).await, (400_101, "access_token不存在".to_owned()));
    robot(&sim, json!({"stopped": true})).await;
    assert_eq!(send(&sim, &text("hi")).await, (400_102, "机器人已停用".to_owned()));
    let shown: Vec<_> = sim.records("kind=robot&count=2").await.iter().map(|one| one["shown"].clone()).collect();
    assert_eq!(shown, [false, false]);
}

#[tokio::test]
async fn a_body_is_checked_as_that_of_a_session() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    let card = json!({"title": "t", "text": "x", "btns": [{"title": "a"}]});
    for (body, errcode) in [
        (json!([]), 40_035),
        (json!({"msgtype": "image", "image": {"media_id": "@l"}}), 400_105),
        (text(""), 400_202),
        (json!({"msgtype": "actionCard", "actionCard": card}), 400_508),
        (text(&"x".repeat(20_000)), 460_101),
    ] {
        assert_eq!(send(&sim, &body).await.0, errcode);
    }
    let form = sim.http.post(sim.url("/robot/send?access_token=robot-token")).body("msgtype=text").send().await;
    let refused: Value = form.expect("an answer").json().await.expect("JSON");
    assert_eq!(refused["errcode"], 43_004);
}

#[tokio::test]
async fn a_signature_is_checked_by_the_clock_of_the_platform() {
    let sim = Sim::start();
    robot(&sim, json!({"secret": "SEC1"})).await;
    let hour = 3_600_000;
    assert_eq!(send_to(&sim, &signed("SEC1", now()), &text("hi")).await, ok());
    assert_eq!(send_to(&sim, &signed("SEC1", now() - hour + 60_000), &text("hi")).await, ok());
    let mismatch = (310_000, "sign not match".to_owned());
    assert_eq!(send_to(&sim, &signed("SEC2", now()), &text("hi")).await, mismatch);
    let unencoded = signed("SEC1", now()).split_once("&sign=").map(|(query, _)| format!("{query}&sign=%20"));
    assert_eq!(send_to(&sim, &unencoded.expect("a signature"), &text("hi")).await, mismatch);
    let untimely = (310_000, "invalid timestamp".to_owned());
    assert_eq!(send(&sim, &text("hi")).await, untimely);
    let stale = signed("SEC1", now() - hour - 1_000);
    assert_eq!(send_to(&sim, &stale, &text("hi")).await, untimely);
    assert_eq!(send_to(&sim, &format!("{stale}&{}", signed("SEC1", now())), &text("hi")).await, untimely);
    assert_eq!(sim.record("kind=robot").await["signed"], true);
}

#[tokio::test]
async fn the_date_of_every_answer_tells_how_wrong_a_clock_is() {
    let sim = Sim::start();
    robot(&sim, json!({"secret": "SEC1"})).await;
    let day: i64 = 24 * 3_600_000;
    sim.order("settings", json!({"clockSkewMs": -day})).await;
    let address = sim.url(&format!("/robot/send?{}", signed("SEC1", now())));
    let response = sim.http.post(address).json(&text("hi")).send().await.expect("an answer");
    let date = response.headers()["date"].to_str().expect("a date").to_owned();
    let told = httpdate::parse_http_date(&date).expect("a date").duration_since(SystemTime::UNIX_EPOCH);
    let told = told.expect("after 1970").as_millis();
    assert!(now().abs_diff(told + u128::from(day.unsigned_abs())) < 60_000, "{date}");
    assert_eq!(response.json::<Value>().await.expect("JSON")["errmsg"], "invalid timestamp");
    assert_eq!(send_to(&sim, &signed("SEC1", told), &text("hi")).await, ok());
}

#[tokio::test]
async fn a_message_must_hold_a_keyword() {
    let sim = Sim::start();
    robot(&sim, json!({"keywords": ["alert", "告警"]})).await;
    assert_eq!(send(&sim, &text("all is well")).await, (310_000, "keywords not in content".to_owned()));
    assert_eq!(send(&sim, &text("告警: disk")).await, ok());
    let links = json!([{"title": "an alert", "messageURL": "u", "picURL": "p"}]);
    assert_eq!(send(&sim, &json!({"msgtype": "feedCard", "feedCard": {"links": links}})).await, ok());
}

#[tokio::test]
async fn a_message_must_come_from_an_address_on_the_list() {
    let sim = Sim::start();
    robot(&sim, json!({"ips": ["1.1.1.0/24", "2.2.2.2"]})).await;
    assert_eq!(send(&sim, &text("hi")).await, (310_000, "ip 127.0.0.1 not in whitelist".to_owned()));
    for address in ["1.1.1.9", "2.2.2.2"] {
        sim.order("settings", json!({"egressIp": address})).await;
        assert_eq!(send(&sim, &text("hi")).await, ok());
    }
    let (status, _) = sim.post("/_sim/robots", json!({"accessToken": "t", "ips": ["fe80::1"]})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn twenty_a_minute_and_then_ten_minutes_of_nothing() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    for n in 0..20 {
        assert_eq!(send(&sim, &text(&n.to_string())).await, ok());
    }
    let held_back = (410_100, "发送速度太快而限流".to_owned());
    assert_eq!(send(&sim, &text("one more")).await, held_back);
    sim.order("clock", json!({"advance": 590_000})).await;
    assert_eq!(send(&sim, &text("one more")).await, held_back);
    sim.order("settings", json!({"robotThrottle": 130_101})).await;
    let in_other_words = (130_101, "send too fast, exceed 20 times per minute".to_owned());
    assert_eq!(send(&sim, &text("one more")).await, in_other_words);
    sim.order("clock", json!({"advance": 10_000})).await;
    assert_eq!(send(&sim, &text("one more")).await, ok());
}

#[tokio::test]
async fn a_minute_is_any_minute() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    for _ in 0..3 {
        for _ in 0..10 {
            assert_eq!(send(&sim, &text("hi")).await, ok());
        }
        sim.order("clock", json!({"advance": 30_000})).await;
    }
}

#[tokio::test]
async fn a_message_that_comes_again_with_its_uuid_is_not_shown_again() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    let message = with(text("hi"), json!({"msgUuid": "m1"}));
    sim.order("break", json!({"what": "robot", "status": 504, "done": true, "times": 1})).await;
    assert_eq!(sim.post("/robot/send?access_token=robot-token", message.clone()).await.0, 504);
    assert_eq!(send(&sim, &message).await, ok());
    let shown: Vec<_> = sim.records("kind=robot&count=2").await.iter().map(|one| one["shown"].clone()).collect();
    assert_eq!(shown, [true, false]);
}

#[tokio::test]
async fn an_errcode_may_be_a_string() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    sim.order("settings", json!({"stringErrcodes": true})).await;
    let (_, answer) = sim.post("/robot/send?access_token=robot-token", text("hi")).await;
    assert_eq!(answer, json!({"errcode": "0", "errmsg": "ok"}));
}

#[tokio::test]
async fn a_robot_fails_on_order() {
    let sim = Sim::start();
    robot(&sim, json!({})).await;
    sim.order("break", json!({"what": "robot", "errcode": 430_101, "errmsg": "含有不安全的外链", "times": 1})).await;
    assert_eq!(send(&sim, &text("hi")).await, (430_101, "含有不安全的外链".to_owned()));
    assert_eq!(send(&sim, &text("hi")).await, ok());
    assert_eq!(sim.record("kind=robot&errcode=430101").await["spoilt"], true);
}
