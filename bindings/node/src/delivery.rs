//! What `lib/` does with a delivery. It is an external value with functions on it and no class: making and checking an
//! instance of a native class costs more than all the rest of a message's way through here.

use dingstream::reply::WAYS;
use dingstream::{Delivery, Message, Via};
use napi::bindgen_prelude::{Either, External};
use napi_derive::napi;
use serde_json::Value;

use crate::call::Call;
use crate::error::refusal;
use crate::named::named;
use crate::queue::Queue;

/// The topic; of a state, its name.
#[napi(catch_unwind)]
pub fn topic(delivery: &External<Delivery>) -> &str {
    delivery.topic()
}

/// The id of the push.
#[napi(catch_unwind)]
pub fn id(delivery: &External<Delivery>) -> &str {
    delivery.id()
}

/// The payload as it came.
#[napi(catch_unwind)]
pub fn data(delivery: &External<Delivery>) -> &str {
    delivery.data().as_str()
}

/// The headers as JSON text.
#[napi(catch_unwind)]
pub fn headers(delivery: &External<Delivery>) -> &str {
    delivery.headers().as_str()
}

/// The type of an event.
#[napi(catch_unwind)]
pub fn event_type(delivery: &External<Delivery>) -> Option<String> {
    delivery.headers().text("/eventType").map(Into::into)
}

/// Whether it was settled.
#[napi(catch_unwind)]
pub fn is_settled(delivery: &External<Delivery>) -> bool {
    delivery.is_settled()
}

/// Settles it, with a response as JSON text where there is one.
#[napi(catch_unwind)]
pub fn ok(delivery: &External<Delivery>, response: Option<String>) -> Option<String> {
    // What JSON.stringify wrote is JSON.
    let response = response.and_then(|text| serde_json::from_str(&text).ok());
    refusal(delivery.ok(response.unwrap_or(Value::Null)))
}

/// Settles it: not now.
#[napi(catch_unwind)]
pub fn later(delivery: &External<Delivery>, reason: String) -> Option<String> {
    refusal(delivery.later(&reason))
}

/// Settles it: it did not work.
#[napi(catch_unwind)]
pub fn fail(delivery: &External<Delivery>, reason: String) -> Option<String> {
    refusal(delivery.fail(&reason))
}

/// Settles it: nobody handles it.
#[napi(catch_unwind)]
pub fn unhandled(delivery: &External<Delivery>) -> Option<String> {
    refusal(delivery.unhandled())
}

/// Replies by that way with a message given as JSON text; the outcome goes to the queue under `tag`.
#[napi(catch_unwind)]
pub fn reply(
    delivery: &External<Delivery>,
    via: String,
    message: String,
    queue: &Queue,
    tag: u32,
) -> Either<Call, String> {
    let via = named(WAYS, Via::from_number, "way", &via);
    let call = via.and_then(|via| Ok(delivery.reply_via(via, Message::from_json(&message)?)));
    Call::begun(call, &queue.core, tag)
}
