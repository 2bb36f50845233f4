//! The door of the OpenAPI: tokens, calls that nobody knows, answers that a test plants or spoils.

use serde_json::json;

use crate::harness::{Sim, TO_GROUP, TO_USERS, to_group, to_users};

#[tokio::test]
async fn a_call_without_a_good_token_is_refused() {
    let sim = Sim::start();
    let (status, missing) = sim.post(TO_USERS, to_users(&["u1"])).await;
    assert_eq!((status, &missing["code"]), (400, &json!("InvalidAuthentication")));
    assert_eq!(missing["message"], "不合法的access_token");
    assert!(missing["requestid"].is_string());
    let (status, unknown) = sim.call_as("made-up", TO_USERS, &to_users(&["u1"])).await;
    assert_eq!((status, &unknown["code"]), (400, &json!("InvalidAuthentication")));
    let request = sim.record("kind=request&code=InvalidAuthentication").await;
    assert_eq!((&request["path"], &request["requestId"]), (&json!(TO_USERS), &missing["requestid"]));
}

#[tokio::test]
async fn the_old_host_has_codes_of_its_own_and_wants_the_token_in_the_address() {
    let sim = Sim::start();
    for (query, errcode) in [("", 41_001), ("?access_token=made-up", 40_014)] {
        let (status, refused) = sim.post(&format!("/media/upload{query}"), json!({})).await;
        assert_eq!((status, &refused["errcode"]), (200, &json!(errcode)));
    }
}

#[tokio::test]
async fn a_token_ends_after_two_hours_or_at_once() {
    let sim = Sim::start();
    let token = sim.token().await;
    sim.order("clock", json!({"advance": 7_140_000})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 200);
    sim.order("clock", json!({"advance": 60_000})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 400);
    let token = sim.token().await;
    sim.order("break", json!({"what": "revoke", "clientId": "another"})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 200);
    sim.order("break", json!({"what": "revoke"})).await;
    assert_eq!(sim.call_as(&token, TO_USERS, &to_users(&["u1"])).await.0, 400);
    assert_ne!(sim.token().await, token);
}

#[tokio::test]
async fn a_call_that_nobody_knows_is_not_found_until_a_test_plants_its_answer() {
    let sim = Sim::start();
    let (status, unknown) = sim.call("/v1.0/contact/users/search", &json!({})).await;
    assert_eq!((status, &unknown["code"]), (404, &json!("InvalidAction.NotFound")));
    let (status, unknown) = sim.post("/topapi/v2/user/get", json!({})).await;
    assert_eq!((status, &unknown["errcode"]), (200, &json!(404)));

    let found = json!({"list": ["u1"], "hasMore": false});
    let plant = json!({"method": "post", "path": "/v1.0/contact/users/search", "body": found});
    sim.order("answers", plant).await;
    assert_eq!(sim.call("/v1.0/contact/users/search", &json!({"queryWord": "Ann"})).await, (200, found));
    let request = sim.record("kind=request&status=200&path=/v1.0/contact/users/search").await;
    assert_eq!(request["body"], json!({"queryWord": "Ann"}));

    let user = json!({"errcode": 0, "result": {"userid": "u1"}});
    sim.order("answers", json!({"method": "POST", "path": "/topapi/v2/user/get", "body": user})).await;
    let address = format!("/topapi/v2/user/get?access_token={}", sim.token().await);
    assert_eq!(sim.post(&address, json!({"userid": "u1"})).await, (200, user));
    let request = sim.record("kind=request&path=/topapi/v2/user/get&errcode=0").await;
    assert_eq!((&request["query"], &request["clientId"]), (&json!({"access_token": "***"}), &json!("ding-demo")));
}

#[tokio::test]
async fn a_planted_answer_takes_the_place_of_the_simulators_own() {
    let sim = Sim::start();
    let answer = json!({"code": "bot.stopped", "message": "群机器人已经停用"});
    sim.order("answers", json!({"method": "POST", "path": TO_GROUP, "status": 400, "body": answer})).await;
    assert_eq!(sim.call(TO_GROUP, &to_group("cid1")).await, (400, answer));
    assert_eq!(sim.record("kind=send&status=400").await["code"], "bot.stopped");
}

#[tokio::test]
async fn a_corp_has_tokens_of_its_own_a_new_one_each_time() {
    let sim = Sim::start();
    let asked =
        json!({"suiteKey": "ding-demo", "suiteSecret": "demo-secret", "authCorpId": "ding-corp", "suiteTicket": "t"});
    let path = "/v1.0/oauth2/corpAccessToken";
    let (_, first) = sim.post(path, asked.clone()).await;
    let (_, second) = sim.post(path, asked.clone()).await;
    assert_ne!(first["accessToken"], second["accessToken"]);
    for token in [&first, &second] {
        let token = token["accessToken"].as_str().expect("a token");
        assert_eq!(sim.call_as(token, TO_USERS, &to_users(&["u1"])).await.0, 200);
    }
    assert_eq!(sim.record("kind=send&corpId=ding-corp").await["clientId"], "ding-demo");
    for (field, code) in
        [("suiteSecret", "invalidSuiteKey"), ("suiteTicket", "invalidSuiteTicket"), ("authCorpId", "invalidAuthInfo")]
    {
        let mut wrong = asked.clone();
        wrong[field] = json!("");
        let (status, refused) = sim.post(path, wrong).await;
        assert_eq!((status, &refused["code"]), (400, &json!(code)));
    }
}

#[tokio::test]
async fn the_next_answers_of_a_call_are_spoilt_on_order() {
    let sim = Sim::start();
    sim.order("break", json!({"what": TO_USERS, "status": 504, "times": 1})).await;
    sim.order("break", json!({"what": "openapi", "code": "system.busy", "status": 429, "times": 1})).await;
    let statuses = [
        sim.call(TO_USERS, &to_users(&["u1"])).await.0,
        sim.call(TO_USERS, &to_users(&["u1"])).await.0,
        sim.call(TO_USERS, &to_users(&["u1"])).await.0,
    ];
    assert_eq!(statuses, [504, 429, 200]);
    let sent = sim.records("kind=send&count=3").await;
    assert_eq!((&sent[0]["spoilt"], &sent[0]["processQueryKey"]), (&json!(true), &json!(null)));
    assert_eq!((&sent[1]["code"], &sent[1]["users"]), (&json!("system.busy"), &json!(["u1"])));
    assert_eq!(sent[2]["spoilt"], json!(null));
}

#[tokio::test]
async fn one_method_of_a_path_is_spoilt_and_not_the_others() {
    let sim = Sim::start();
    sim.order("answers", json!({"method": "GET", "path": TO_USERS})).await;
    sim.order("break", json!({"what": format!("GET {TO_USERS}"), "status": 504})).await;
    assert_eq!(sim.call(TO_USERS, &to_users(&["u1"])).await.0, 200);
    assert_eq!(sim.read(TO_USERS).await.0, 504);
}

#[tokio::test]
async fn what_is_answered_wrongly_may_have_been_done_all_the_same() {
    let sim = Sim::start();
    sim.order("break", json!({"what": TO_USERS, "status": 504, "done": true, "times": 1})).await;
    assert_eq!(sim.call(TO_USERS, &to_users(&["u1"])).await.0, 504);
    let sent = sim.record("kind=send").await;
    assert_eq!((&sent["spoilt"], &sent["status"]), (&json!(true), &json!(200)));
    assert!(sent["processQueryKey"].is_string());
}

#[tokio::test]
async fn a_known_code_brings_its_status_and_message() {
    let sim = Sim::start();
    sim.order("break", json!({"what": TO_USERS, "code": "Forbidden.AccessDenied.QpsLimitForApi", "times": 1})).await;
    let (status, refused) = sim.call(TO_USERS, &to_users(&["u1"])).await;
    assert_eq!(status, 403);
    assert_eq!(refused["message"], "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了");
}
