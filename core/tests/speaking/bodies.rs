//! Golden vectors: every request, byte for byte. `bodies.txt` agrees with the bodies of the official Python SDK where that
//! sends one, and with the documents (0033, 0034, 0712 to 0726, 0719) where it does not.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use dingstream::openapi::bot::Remind;
use dingstream::{Client, Host, Message, Target};
use serde_json::json;

use crate::support::InTime;
use crate::support::server::Server;

const EXPECTED: &str = include_str!("bodies.txt");

/// A server that answers everything as if it had worked, and what it was asked.
fn listening() -> (Server, Arc<Mutex<String>>) {
    let heard = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&heard);
    let server = Server::new(move |mut visit| {
        let told = Arc::clone(&told);
        async move {
            while let Some(request) = visit.request().await {
                let line = request.head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
                let token =
                    if request.head.contains("x-acs-dingtalk-access-token: planted-token") { " tok" } else { "" };
                let body = if request.body.is_empty() { String::new() } else { format!(" {}", request.body) };
                writeln!(told.lock().expect("one at a time"), "{line}{token}{body}").expect("a text");
                visit.respond(200, r#"{"accessToken":"planted-token","expireIn":7200,"processQueryKey":"k"}"#).await;
            }
        }
    });
    (server, heard)
}

#[test]
fn every_request_has_its_documented_path_and_body() {
    let (server, heard) = listening();
    let mut config = server.config();
    config.client_id = "CID".to_owned();
    config.client_secret = "CSEC".into();
    let client = Client::new(config).expect("valid");
    let (users, group) = (Target::Users(vec!["u1".to_owned()]), Target::Group("cid1==".to_owned()));
    let private = Target::Private("cid2==".to_owned(), "COOLAPP-1".to_owned());
    for target in [&users, &group, &private] {
        client.send(target.clone(), Message::markdown("hello title", "hello text")).in_time().expect("answered");
        client.read_status(target.clone(), "a+b/c=").in_time().expect("answered");
        client.recall(target.clone(), ["a+b/c=".to_owned()]).in_time().expect("answered");
    }
    client.ding(["u1".to_owned()], Remind::Sms, "hello").in_time().expect("answered");
    let query = [("a", "b c")];
    let body = Some(json!({ "z": 1, "a": [true, null] }));
    client.request("PUT", Host::Api, "/v1.0/x", &query, body, None).in_time().expect("answered");
    client.request("GET", Host::Oapi, "/topapi/x", &query, None, None).in_time().expect("answered");
    client.suite_ticket("TICKET").expect("taken");
    client.request("GET", Host::Api, "/v1.0/x", &[], None, Some("CORP")).in_time().expect("answered");
    let heard = heard.lock().expect("nobody else").clone();
    assert_eq!(heard, EXPECTED);
}
