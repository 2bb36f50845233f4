//! Any other API, and what its refusals mean.

use dingstream::{Client, ErrorKind, Host};
use serde_json::{Value, json};

use crate::support::{InTime, World};

const PATH: &str = "/v1.0/contact/users/search";

fn planted(status: u16, body: Value) -> (World, Client) {
    let world = World::new();
    world.control("answers", json!({ "method": "POST", "path": PATH, "status": status, "body": body }));
    let client = Client::new(world.config()).expect("valid");
    (world, client)
}

fn call(client: &Client) -> Result<Value, dingstream::Error> {
    let body = Some(json!({ "queryWord": "ann" }));
    let told = client.request("POST", Host::Api, PATH, &[("a", "b+c")], body, None).in_time();
    told.map(|told| told.value("").expect("JSON"))
}

#[test]
fn the_token_the_query_and_the_body_go_where_they_belong() {
    let (world, client) = planted(200, json!({ "list": ["u1"] }));
    assert_eq!(call(&client).expect("answered"), json!({ "list": ["u1"] }));
    let request = world.records("request", 1).remove(0);
    assert_eq!((&request["query"]["a"], &request["body"]["queryWord"]), (&json!("b+c"), &json!("ann")));
    world.control("answers", json!({ "method": "GET", "path": "/topapi/x", "body": { "errcode": 0, "a": 1 } }));
    let old = client.request("GET", Host::Oapi, "/topapi/x", &[], None, None).in_time().expect("answered");
    assert_eq!(old.int("/a"), Some(1));
}

#[test]
fn no_token_leaves_to_another_host() {
    let (world, client) = planted(200, json!({}));
    for path in ["https://elsewhere/x", "//elsewhere", "elsewhere", ""] {
        let error = client.request("GET", Host::Api, path, &[], None, None).in_time().expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
    assert_eq!(
        client.request("BREW", Host::Api, "/a", &[], None, None).in_time().expect_err("refused").kind(),
        ErrorKind::Argument
    );
    assert_eq!(world.records("token", 0).len(), 0);
}

#[test]
fn a_token_that_is_no_longer_valid_is_fetched_anew_once() {
    let (world, client) = planted(200, json!({}));
    call(&client).expect("answered");
    world.control("break", json!({ "what": "revoke" }));
    call(&client).expect("answered with another token");
    assert_eq!(world.records("token", 2).len(), 2);
    world.control("break", json!({ "what": PATH, "code": "InvalidAuthentication" }));
    assert_eq!(call(&client).expect_err("refused").kind(), ErrorKind::Auth);
    assert_eq!(world.records("token", 3).len(), 3, "and no more than once a call");
}

#[test]
fn too_many_in_a_second_wait_and_then_go_through() {
    let (world, client) = planted(200, json!({}));
    world.control(
        "break",
        json!({ "what": PATH, "code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "times": 1 }),
    );
    call(&client).expect("the second try goes through");
    assert_eq!(world.records(&format!("request&path={PATH}"), 2).len(), 2);
}

#[test]
fn what_is_not_safe_to_repeat_is_not_repeated() {
    let (world, client) = planted(200, json!({}));
    world.control("break", json!({ "what": PATH, "status": 504, "done": true }));
    let error = call(&client).expect_err("not known");
    assert!(!error.is_retryable() || error.kind() == ErrorKind::Rejected, "{error:?}");
    assert_eq!(world.records(&format!("request&path={PATH}"), 1).len(), 1);
}

#[test]
fn each_refusal_is_of_its_kind_with_its_request_id() {
    let (world, client) = planted(200, json!({}));
    for (fault, kind) in [
        (json!({ "code": "Forbidden.AccessDenied.ApiCountLimitForOrg" }), ErrorKind::Quota),
        (json!({ "code": "Forbidden.AccessDenied.IpNotInWhiteList" }), ErrorKind::Forbidden),
        (json!({ "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied" }), ErrorKind::Forbidden),
    ] {
        let mut order = json!({ "what": PATH, "times": 1 });
        order["code"] = fault["code"].clone();
        world.control("break", order);
        let error = call(&client).expect_err("refused");
        assert_eq!(error.kind(), kind, "{error:?}");
        assert!(!error.request_id().is_empty() && error.stage() == "call:request", "{error:?}");
    }
}

#[test]
fn a_banned_address_is_silent_for_every_client_of_the_process() {
    let (world, client) = planted(200, json!({}));
    call(&client).expect("answered");
    world.control("break", json!({ "what": "ban", "json": true }));
    assert_eq!(call(&client).expect_err("banned").kind(), ErrorKind::Throttled);
    let before = world.records("request", 1).len();
    let other = Client::new(world.config()).expect("valid");
    let error = call(&other).expect_err("banned");
    assert!(error.to_string().contains("has banned this machine's address"), "{error}");
    assert_eq!(world.records("request", 1).len(), before, "nothing was sent");
}

#[test]
fn an_isv_calls_for_an_organisation_with_its_suite_ticket() {
    let (world, client) = planted(200, json!({}));
    let ask = || client.request("POST", Host::Api, PATH, &[], Some(json!({})), Some("corp-1")).in_time();
    let error = ask().expect_err("no ticket yet");
    assert!(error.kind() == ErrorKind::Config && error.to_string().contains("suite ticket"), "{error}");
    client.suite_ticket("planted-ticket").expect("taken");
    ask().expect("answered");
    assert_eq!(world.records("request&corpId=corp-1", 1).len(), 1);
}

#[test]
fn an_error_tells_what_support_asks_for_and_no_secret() {
    let (world, client) = planted(200, json!({}));
    world.control("settings", json!({ "deniedScopes": { PATH: ["Contact.User.Read"] } }));
    let error = call(&client).expect_err("refused");
    assert_eq!((error.kind(), error.required_scopes()), (ErrorKind::Forbidden, &["Contact.User.Read".to_owned()][..]));
    let told = error.support_text();
    let request = format!("request: POST {}\n", world.url(PATH));
    for line in ["client id: ding-demo\n", &request, "stage: call:request\n", "HTTP status: 403\n", "request id: "] {
        assert!(told.contains(line), "{line} is not in\n{told}");
    }
    assert!(!told.contains("b+c") && !told.contains("ann") && !told.contains("demo-secret"), "{told}");
}
