//! What holds calls back: addresses, permissions, calls a second, calls a month, bans.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Sim, TO_GROUP, TO_USERS, to_group, to_users};

/// A simulator, and what it said to these calls within a second. Where the machine took longer, another one is asked.
async fn within_a_second<T>(calls: impl AsyncFn(&Sim) -> T) -> (Sim, T) {
    for _ in 0..5 {
        let sim = Sim::start();
        let begun = Instant::now();
        let said = calls(&sim).await;
        if begun.elapsed() < Duration::from_secs(1) {
            return (sim, said);
        }
    }
    panic!("a few calls took more than a second each time");
}

#[tokio::test]
async fn an_app_calls_each_api_so_many_times_a_second() {
    let calls = async |sim: &Sim| {
        sim.order("settings", json!({"qps": 3})).await;
        let token = sim.token().await;
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await);
        }
        (token, answers)
    };
    let (sim, (token, answers)) = within_a_second(calls).await;
    let codes: Vec<_> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(codes, [200, 200, 200, 403]);
    assert_eq!(answers[3].1["code"], "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi");
    assert_eq!(sim.call_as(&token, TO_GROUP, &to_group("cid1")).await.0, 200);
    sim.order("clock", json!({"advance": 1_000})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 200);
}

#[tokio::test]
async fn the_methods_of_a_path_are_counted_each_for_itself() {
    let calls = async |sim: &Sim| {
        sim.order("settings", json!({"qps": 1})).await;
        for method in ["GET", "POST"] {
            sim.order("answers", json!({"method": method, "path": "/v1.0/x"})).await;
        }
        [
            sim.call("/v1.0/x", &json!({})).await.0,
            sim.read("/v1.0/x").await.0,
            sim.call("/v1.0/x", &json!({})).await.0,
            sim.read("/v1.0/x").await.0,
        ]
    };
    assert_eq!(within_a_second(calls).await.1, [200, 200, 403, 403]);
}

#[tokio::test]
async fn an_organisation_has_so_many_calls_a_month() {
    let sim = Sim::start();
    sim.order("settings", json!({"monthlyQuota": 1})).await;
    assert_eq!(sim.call(TO_USERS, &to_users(&["u1"])).await.0, 200);
    let spent = (403, "Forbidden.AccessDenied.ApiCountLimitForOrg".to_owned());
    assert_eq!(sim.refusal(TO_GROUP, &to_group("cid1")).await, spent);
    sim.order("clock", json!({"advance": 30_u64 * 24 * 3_600_000})).await;
    assert_eq!(sim.call(TO_GROUP, &to_group("cid1")).await.0, 200);
}

#[tokio::test]
async fn a_permission_that_lacks_is_named() {
    let sim = Sim::start();
    sim.order("settings", json!({"deniedScopes": {TO_GROUP: ["qyapi_robot_sendmsg"]}})).await;
    let (status, refused) = sim.call(TO_GROUP, &to_group("cid1")).await;
    assert_eq!((status, &refused["code"]), (403, &json!("Forbidden.AccessDenied.AccessTokenPermissionDenied")));
    assert_eq!(refused["accessdenieddetail"], json!({"requiredScopes": ["qyapi_robot_sendmsg"]}));
    assert_eq!(sim.call(TO_USERS, &to_users(&["u1"])).await.0, 200);
    sim.order("settings", json!({"deniedScopes": null})).await;
    assert_eq!(sim.call(TO_GROUP, &to_group("cid1")).await.0, 200);
}

#[tokio::test]
async fn an_address_must_be_on_the_list() {
    let sim = Sim::start();
    sim.order("settings", json!({"ipWhitelist": ["10.1.0.0/16", "10.2.0.1"]})).await;
    let refused = (403, "Forbidden.AccessDenied.IpNotInWhiteList".to_owned());
    assert_eq!(sim.refusal(TO_USERS, &to_users(&["u1"])).await, refused);
    let upload = format!("/media/upload?access_token={}", sim.token().await);
    assert_eq!(sim.post(&upload, json!({})).await.1["errcode"], 60_020);
    sim.order("settings", json!({"egressIp": "10.1.2.3"})).await;
    assert_eq!(sim.call(TO_USERS, &to_users(&["u1"])).await.0, 200);
    let (status, _) = sim.post("/_sim/settings", json!({"ipWhitelist": ["::1"]})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn an_address_that_calls_too_much_is_banned_for_five_minutes() {
    let sim = Sim::start();
    sim.order("settings", json!({"callsIn20s": 1})).await;
    let token = sim.token().await;
    let banned = sim.http.get(sim.url("/gettoken")).send().await.expect("an answer");
    assert_eq!(banned.status(), 200);
    assert!(banned.text().await.expect("a page").starts_with("<!DOCTYPE html>"));
    sim.order("settings", json!({"callsIn20s": null})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await, (200, Value::Null));
    assert_eq!(sim.record(&format!("kind=request&path={TO_USERS}")).await["banned"], true);
    sim.order("clock", json!({"advance": 300_000})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 200);
}

#[tokio::test]
async fn a_ban_comes_on_order_in_both_its_forms_and_heals() {
    let sim = Sim::start();
    let token = sim.token().await;
    sim.order("break", json!({"what": "ban", "json": true})).await;
    let (status, banned) = sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await;
    assert_eq!((status, &banned["status"], &banned["punish"]), (200, &json!(1111), &json!("deny")));
    sim.order("break", json!({"what": "ban"})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await, (200, Value::Null));
    sim.order("heal", json!({})).await;
    assert!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.1["processQueryKey"].is_string());
}
