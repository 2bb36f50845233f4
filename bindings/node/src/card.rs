//! What cards are created from, what happens to them, and what answers their actions. Descriptions come as JSON text;
//! outcomes go to the client's queue under `tag`.

use dingstream::error::{Error, ErrorKind, Result};
use dingstream::{Card as CoreCard, CardChange, CardResponse, DynamicData, Target};
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::call::Call;
use crate::calls::begun;
use crate::client::Client;
use crate::error::told;

/// A card to create.
#[napi]
pub struct Card(CoreCard);

/// A card, or the error as JSON text.
#[napi(catch_unwind)]
pub fn create_card(description: String) -> Either<Card, String> {
    match CoreCard::from_json(&description) {
        Ok(card) => Either::A(Card(card)),
        Err(error) => Either::B(told(&error)),
    }
}

#[napi]
impl Card {
    /// Its `outTrackId`.
    #[napi(getter, catch_unwind)]
    pub fn id(&self) -> &str {
        self.0.id()
    }
}

/// Creates it and delivers it.
#[napi(catch_unwind)]
pub fn card_send(client: &Client, card: &Card, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_send(card.0.clone())))
}

/// Creates it.
#[napi(catch_unwind)]
pub fn card_create(client: &Client, card: &Card, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_create(card.0.clone())))
}

/// Delivers it.
#[napi(catch_unwind)]
pub fn card_deliver(client: &Client, card: &Card, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_deliver(card.0.clone())))
}

/// Gives it further spaces.
#[napi(catch_unwind)]
pub fn card_add_spaces(client: &Client, card: &Card, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_add_spaces(card.0.clone())))
}

/// Changes what a card shows.
#[napi(catch_unwind)]
pub fn card_update(client: &Client, change: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_update(CardChange::from_json(&change)?)))
}

/// Takes a card from the top of a group.
#[napi(catch_unwind)]
pub fn card_close_top(client: &Client, track_id: String, conversation: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_close_top(track_id, conversation)))
}

/// Registers the address of a callback route.
#[napi(catch_unwind)]
pub fn card_register_callback(
    client: &Client,
    route: String,
    url: String,
    secret: String,
    force: bool,
    tag: u32,
) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.card_register_callback(&route, &url, &secret, force)))
}

/// Sends an ordinary card.
#[napi(catch_unwind)]
pub fn standard_card_send(
    client: &Client,
    target: String,
    biz_id: String,
    card: String,
    tag: u32,
) -> Either<Call, String> {
    begun(client, tag, || {
        let target = Target::from_json(&target)?;
        Ok(client.0.standard_card_send(target, biz_id, object("an ordinary card", &card)?.into()))
    })
}

/// Replaces what an ordinary card shows.
#[napi(catch_unwind)]
pub fn standard_card_update(client: &Client, biz_id: String, card: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.standard_card_update(biz_id, object("an ordinary card", &card)?.into())))
}

/// What answers a card action, as JSON text alone in a list; the error as JSON text.
#[napi(catch_unwind)]
pub fn card_response(data: String, private_data: String) -> Either<Vec<String>, String> {
    response(|| Ok(CardResponse::of(object("data", &data)?, object("private data", &private_data)?).to_json()))
}

/// What answers a request for dynamic data, in the same way.
#[napi(catch_unwind)]
pub fn dynamic_data(values: String) -> Either<Vec<String>, String> {
    response(|| Ok(DynamicData::of(object("dynamic data", &values)?).to_json()))
}

fn response(make: impl FnOnce() -> Result<Value>) -> Either<Vec<String>, String> {
    match make() {
        Ok(response) => Either::A(vec![response.to_string()]),
        Err(error) => Either::B(told(&error)),
    }
}

fn object(what: &str, json: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(json).map_err(|_| Error::new(ErrorKind::Argument, format!("{what} takes an object")))
}
