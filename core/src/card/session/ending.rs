//! The end of a session's cards: each gets its last text and its state.

use serde_json::Map;

use super::draft::{End, Ending};
use super::wire::{STREAMING, persist, streaming};
use super::writer::{Place, Writer};
use crate::card::options::NO_TEXT;
use crate::error::{ErrorKind, Result};
use crate::openapi::card::templates::{self, AiState};
use crate::openapi::card::{self, CardChange};
use crate::openapi::{Lane, Request};

impl Writer {
    /// The card is full: it ends with what it holds, and another one goes on.
    pub(super) async fn turn(&mut self, place: &Place, pages: &[String]) -> Result<()> {
        let page = &pages[0];
        match self.close(page, &Ending::of_full_card()).await {
            // The next look at the text cuts it smaller.
            Err(error) if error.kind() == ErrorKind::TooLarge && self.halve(page) => {
                self.draft.tell_again();
                Ok(())
            }
            Err(error) => Err(error),
            Ok(()) => {
                self.draft.tell_again();
                self.begin(place, &pages[1]).await
            }
        }
    }

    /// Ends the session: every card shows its part.
    pub(super) async fn finish(&mut self, place: &Place) -> Result<()> {
        let ending = self.draft.ending();
        self.end = ending.end;
        let text = self.last_text(&ending);
        if ending.end == End::Failed {
            // Cards that are full stay as they are.
            let most = text.char_indices().nth(self.options.max_chars).map_or(text.len(), |(bytes, _)| bytes);
            return self.close(&text[..most], &ending).await;
        }
        loop {
            let pages = self.bounds.pages(&text);
            let at = self.cards.len() - 1;
            if pages.len() > self.cards.len() {
                self.turn(place, &pages[at..]).await?;
                continue;
            }
            let page = pages.get(at).map_or(NO_TEXT, String::as_str);
            match self.close(page, &ending).await {
                Err(error) if error.kind() == ErrorKind::TooLarge && self.halve(page) => {}
                Err(error) => return Err(error),
                Ok(()) => return self.mend(&pages).await,
            }
        }
    }

    /// A text that was replaced may differ in cards that were full before.
    async fn mend(&mut self, pages: &[String]) -> Result<()> {
        for at in 0..self.cards.len() - 1 {
            let page = pages.get(at).map_or(NO_TEXT, String::as_str);
            if self.cards[at].shows != page {
                let change = CardChange::of(&self.cards[at].id).value(&self.options.key, page);
                let request = card::changing(&change)?.in_lane(Lane::Urgent);
                self.calls += 1;
                persist(self.options.try_for_ms, || self.app.call(&request)).await?;
                page.clone_into(&mut self.cards[at].shows);
            }
        }
        Ok(())
    }

    /// What the card ends with: what was said, else what it was opened with, else the fallback.
    fn last_text(&self, ending: &Ending) -> String {
        let opened = Some(&self.options.text).filter(|text| *text != NO_TEXT);
        let texts = [Some(&ending.text), opened.filter(|_| ending.end == End::Finished), Some(&self.options.fallback)];
        let said = texts.into_iter().flatten().find(|text| !text.trim().is_empty());
        said.cloned().unwrap_or_default()
    }

    /// Cards won't do: the last one is not to look as if something followed.
    pub(super) async fn abandon(&mut self) {
        let Some(id) = self.cards.last().map(|card| card.id.clone()) else { return };
        let change = CardChange::of(&id).values(templates::ai_ended(AiState::Failed, &[]));
        self.calls += 1;
        if card::update(&self.app, &change).await.is_ok() {
            self.note(|journal, _| journal.ended(&id));
        }
    }

    /// What people have not been shown for good, once that is known.
    pub(super) async fn left_to_say(&mut self) -> String {
        self.draft.ended().await;
        let ending = self.draft.ending();
        self.end = ending.end;
        let pages = self.bounds.pages(&self.last_text(&ending));
        let shown = self.cards.len().saturating_sub(1).min(pages.len() - 1);
        pages[shown..].join("\n")
    }

    /// Gives the last card its last text and its state.
    async fn close(&mut self, text: &str, ending: &Ending) -> Result<()> {
        let (id, key) = (self.id().to_owned(), self.options.key.clone());
        let request = Request::put(STREAMING, streaming(&id, &key, text, Some(ending.end))).in_lane(Lane::Urgent);
        self.calls += 1;
        let within = self.options.try_for_ms;
        persist(within, || self.app.call(&request)).await?;
        let at = self.cards.len() - 1;
        text.clone_into(&mut self.cards[at].shows);
        self.shows_all = ending.is_last;
        let mut values = ending.values.clone();
        if self.options.is_public() {
            values.extend(templates::ai_ended(
                ai_state(ending.end),
                if ending.end == End::Finished { &ending.buttons } else { &[] },
            ));
        }
        if !values.is_empty() {
            self.calls += 1;
            let request = card::changing(&CardChange::of(&id).values(values))?.in_lane(Lane::Urgent);
            persist(within, || self.app.call(&request)).await?;
        }
        self.note(|journal, _| journal.ended(&id));
        Ok(())
    }
}

fn ai_state(end: End) -> AiState {
    match end {
        End::Finished => AiState::Finished,
        End::Failed => AiState::Failed,
    }
}

impl Ending {
    /// What a card ends with that another one goes on from.
    fn of_full_card() -> Self {
        Self { end: End::Finished, text: String::new(), buttons: Vec::new(), values: Map::new(), is_last: false }
    }
}
