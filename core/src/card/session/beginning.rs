//! The beginning of a session's cards.

use serde_json::Map;

use super::draft::End;
use super::frame;
use super::pages::beginning;
use super::wire::{STREAMING, persist, streaming};
use super::writer::{Place, Writer, Written};
use crate::card::journal::Begun;
use crate::card::options::NO_TEXT;
use crate::error::{Error, ErrorKind, Result};
use crate::openapi::card::{self, Card, templates};
use crate::openapi::{Lane, Request};

/// What the value of a variable may have when a card is created, in bytes (document 0783).
const CREATED: usize = 1000;

impl Writer {
    /// Begins a card that shows this text, as much as a card may begin with.
    pub(super) async fn begin(&mut self, place: &Place, text: &str) -> Result<()> {
        let whole = frame::whole(beginning(text, CREATED));
        let text = if whole.trim().is_empty() { NO_TEXT.to_owned() } else { whole };
        let mut card = Card::new(&self.options.template).space(place.space.clone());
        let begun = if self.options.is_public() { templates::ai_begun() } else { Map::new() };
        for (name, value) in begun.into_iter().chain(self.options.data.clone()) {
            card = card.value(name, value);
        }
        card = card.value(&self.options.key, text.as_str());
        if !self.options.last_message.is_empty() {
            card = card.last_message(&self.options.last_message, &self.options.last_message);
        }
        self.note(|journal, options| {
            journal.begun(Begun {
                id: card.id().to_owned(),
                key: options.key.clone(),
                is_public: options.is_public(),
                fallback: options.fallback.clone(),
            })
        });
        self.calls += 1;
        let (app, robot) = (&self.app, &place.robot);
        let sent = persist(self.options.try_for_ms, || card::send(app, robot, &card, Lane::Ordinary)).await;
        match sent {
            // Nothing tells whether it is there; its end will.
            Err(error) if error.is_retryable() && error.kind() != ErrorKind::Throttled => {
                self.warn("it is not known whether a card was created", &error);
            }
            Err(error) => {
                self.withdraw(card.id(), &error).await;
                return Err(error);
            }
            Ok(_) => {}
        }
        self.bounds.begin();
        self.cards.push(Written { id: card.id().to_owned(), shows: text });
        Ok(())
    }

    /// A card was refused in the end; a try before may have created it all the same, and it is not to wait for ever.
    async fn withdraw(&mut self, id: &str, error: &Error) {
        if matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Throttled) {
            let body = streaming(id, &self.options.key, &self.options.fallback, Some(End::Failed));
            self.calls += 1;
            // That there is no such card is what is hoped for.
            let _ = self.app.call(&Request::put(STREAMING, body)).await;
        }
        self.note(|journal, _| journal.ended(id));
    }
}
