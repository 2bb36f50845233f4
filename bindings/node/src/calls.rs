//! What a client says without being asked. Targets, lists and bodies come as JSON text; outcomes go to the client's queue
//! under `tag`.

use dingstream::error::{Error, ErrorKind, Result};
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::{Call as CoreCall, Host, Message, Remind, Target};
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::error::refusal;
use crate::named::{named, texts};

/// Sends a message to a target.
#[napi(catch_unwind)]
pub fn send(client: &Client, target: String, message: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.send(Target::from_json(&target)?, Message::from_json(&message)?)))
}

/// Who has read it.
#[napi(catch_unwind)]
pub fn read_status(client: &Client, target: String, key: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.read_status(Target::from_json(&target)?, key)))
}

/// Takes it back.
#[napi(catch_unwind)]
pub fn recall(client: &Client, target: String, keys: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.recall(Target::from_json(&target)?, texts("keys", &keys)?)))
}

/// Dings users.
#[napi(catch_unwind)]
pub fn ding(client: &Client, users: String, remind: String, text: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || {
        let remind = named(REMINDS, Remind::from_number, "reminder", &remind)?;
        Ok(client.0.ding(texts("users", &users)?, remind, text))
    })
}

/// Calls any other API; `more` is `{"query":[[name, value]],"body":…,"corp":…}`.
#[napi(catch_unwind)]
pub fn request(
    client: &Client,
    host: String,
    method: String,
    path: String,
    more: String,
    tag: u32,
) -> Either<Call, String> {
    begun(client, tag, || {
        let wrong = |_| Error::new(ErrorKind::Argument, "a query is an object of texts");
        let mut more: Value = serde_json::from_str(&more).map_err(wrong)?;
        let query: Vec<(String, String)> = serde_json::from_value(more["query"].take()).map_err(wrong)?;
        let query: Vec<_> = query.iter().map(|(name, value)| (&**name, &**value)).collect();
        let body = Some(more["body"].take()).filter(|body| !body.is_null());
        let host = named(HOSTS, Host::from_number, "host", &host)?;
        Ok(client.0.request(&method, host, &path, &query, body, more["corp"].as_str()))
    })
}

/// Hands over what an ISV's token needs.
#[napi(catch_unwind)]
pub fn suite_ticket(client: &Client, ticket: String) -> Option<String> {
    refusal(client.0.suite_ticket(&ticket))
}

pub(crate) fn begun(client: &Client, tag: u32, call: impl FnOnce() -> Result<CoreCall>) -> Either<Call, String> {
    Call::begun(call(), client.0.queue(), tag)
}
