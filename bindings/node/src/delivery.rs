//! What `lib/` does with a delivery: functions on a bundle and a place in it.

use dingstream::reply::WAYS;
use dingstream::{Message, Via};
use napi::bindgen_prelude::{Either, External};
use napi_derive::napi;
use serde_json::Value;

use crate::bundle::Bundle;
use crate::call::Call;
use crate::error::refusal;
use crate::named::named;
use crate::queue::Queue;

/// The topic; of a state, its name.
#[napi(catch_unwind)]
pub fn topic(bundle: &External<Bundle>, place: u32) -> &str {
    bundle.at(place).topic()
}

/// The id of the push.
#[napi(catch_unwind)]
pub fn id(bundle: &External<Bundle>, place: u32) -> &str {
    bundle.at(place).id()
}

/// The payload as it came.
#[napi(catch_unwind)]
pub fn data(bundle: &External<Bundle>, place: u32) -> &str {
    bundle.at(place).data().as_str()
}

/// The headers as JSON text.
#[napi(catch_unwind)]
pub fn headers(bundle: &External<Bundle>, place: u32) -> &str {
    bundle.at(place).headers().as_str()
}

/// The type of an event.
#[napi(catch_unwind)]
pub fn event_type(bundle: &External<Bundle>, place: u32) -> Option<String> {
    bundle.at(place).headers().text("/eventType").map(Into::into)
}

/// Whether it was settled.
#[napi(catch_unwind)]
pub fn is_settled(bundle: &External<Bundle>, place: u32) -> bool {
    bundle.at(place).is_settled()
}

/// Settles it, with a response as JSON text where there is one.
#[napi(catch_unwind)]
pub fn ok(bundle: &External<Bundle>, place: u32, response: Option<String>) -> Option<String> {
    // What JSON.stringify wrote is JSON.
    let response = response.and_then(|text| serde_json::from_str(&text).ok());
    refusal(bundle.at(place).ok(response.unwrap_or(Value::Null)))
}

/// Settles it: not now.
#[napi(catch_unwind)]
pub fn later(bundle: &External<Bundle>, place: u32, reason: String) -> Option<String> {
    refusal(bundle.at(place).later(&reason))
}

/// Settles it: it did not work.
#[napi(catch_unwind)]
pub fn fail(bundle: &External<Bundle>, place: u32, reason: String) -> Option<String> {
    refusal(bundle.at(place).fail(&reason))
}

/// Settles it: nobody handles it.
#[napi(catch_unwind)]
pub fn unhandled(bundle: &External<Bundle>, place: u32) -> Option<String> {
    refusal(bundle.at(place).unhandled())
}

/// Replies by that way with a message given as JSON text; the outcome goes to the queue under `tag`.
#[napi(catch_unwind)]
pub fn reply(
    bundle: &External<Bundle>,
    place: u32,
    via: String,
    message: String,
    queue: &Queue,
    tag: u32,
) -> Either<Call, String> {
    let via = named(WAYS, Via::from_number, "way", &via);
    let call = via.and_then(|via| Ok(bundle.at(place).reply_via(via, Message::from_json(&message)?)));
    Call::begun(call, &queue.core, tag)
}
