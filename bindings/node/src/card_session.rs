//! What types into an AI card.

use dingstream::error::{Error, ErrorKind, Result};
use dingstream::{CardButton, CardOptions, CardSession as CoreSession, Space};
use napi::bindgen_prelude::{Either, External};
use napi_derive::napi;
use serde_json::Value;

use crate::bundle::Bundle;
use crate::call::Call;
use crate::client::Client;
use crate::error::{refusal, told};
use crate::queue::Queue;

/// A session. Where JavaScript has lost it before it ended, it ends as failed.
#[napi]
pub struct CardSession(CoreSession);

/// Opens one where a bot message came from, or says why not as JSON text.
#[napi(catch_unwind)]
pub fn open_card(bundle: &External<Bundle>, place: u32, options: String) -> Either<CardSession, String> {
    opened(|| bundle.at(place).card(CardOptions::from_json(&options)?))
}

/// Opens one in a space, in the same way.
#[napi(catch_unwind)]
pub fn open_card_in(client: &Client, space: String, options: String) -> Either<CardSession, String> {
    opened(|| client.0.card(Space::from_json(&space)?, CardOptions::from_json(&options)?))
}

fn opened(open: impl FnOnce() -> Result<CoreSession>) -> Either<CardSession, String> {
    match open() {
        Ok(session) => Either::A(CardSession(session)),
        Err(error) => Either::B(told(&error)),
    }
}

#[napi]
impl CardSession {
    /// Adds text.
    #[napi(catch_unwind)]
    pub fn push(&self, text: String) -> Option<String> {
        refusal(self.0.push(&text))
    }

    /// Replaces the text.
    #[napi(catch_unwind)]
    pub fn set(&self, text: String) -> Option<String> {
        refusal(self.0.set(&text))
    }

    /// Adds a button with either an address or an id.
    #[napi(catch_unwind)]
    pub fn button(
        &self,
        text: String,
        url: Option<String>,
        id: Option<String>,
        color: Option<String>,
    ) -> Option<String> {
        let button = match (url, id) {
            (Some(url), None) => CardButton::link(text, url),
            (None, Some(id)) => CardButton::action(text, id),
            _ => return refusal(Err(Error::new(ErrorKind::Argument, "a button takes either a url or an id"))),
        };
        refusal(self.0.button(match color {
            Some(color) => button.color(color),
            None => button,
        }))
    }

    /// Sets a value given as JSON text.
    #[napi(catch_unwind)]
    pub fn value(&self, name: String, value: String) -> Option<String> {
        // What JSON.stringify wrote is JSON, and may be nested more deeply than readers allow.
        let value = serde_json::from_str::<Value>(&value)
            .map_err(|_| Error::new(ErrorKind::Argument, "the value is nested too deeply"));
        refusal(value.and_then(|value| self.0.value(&name, value)))
    }

    /// Ends it; the outcome goes to the queue under `tag`.
    #[napi(catch_unwind)]
    pub fn finish(&self, queue: &Queue, tag: u32) -> Call {
        Call::sent_to(self.0.finish(), &queue.core, tag)
    }

    /// Ends it as failed; the same.
    #[napi(catch_unwind)]
    pub fn fail(&self, text: String, queue: &Queue, tag: u32) -> Call {
        Call::sent_to(self.0.fail(&text), &queue.core, tag)
    }
}
