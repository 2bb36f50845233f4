//! The task's side of a session: it shows the latest text at its pace, one call at a time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::draft::{Draft, End};
use super::frame;
use super::pace::Pace;
use super::pages::Bounds;
use super::wire::{STREAMING, streaming};
use crate::card::journal::{Journal, tell_unwritten};
use crate::card::options::{CardOptions, FIXED_CALLS};
use crate::client::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::openapi::card::Space;
use crate::openapi::{App, Lane, Request};

/// How long an update that is under way may hold back the end.
const GRACE: Duration = Duration::from_secs(1);

/// What a session writes with, and what it has written.
pub(super) struct Writer {
    pub(super) app: Arc<App>,
    pub(super) shared: Arc<Shared>,
    pub(super) draft: Arc<Draft>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) options: CardOptions,
    pub(super) pace: Pace,
    pub(super) bounds: Bounds,
    pub(super) cards: Vec<Written>,
    pub(super) calls: usize,
    pub(super) end: End,
    pub(super) shows_all: bool,
}

/// A card that exists.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) shows: String,
}

impl Writer {
    pub(super) fn new(
        app: Arc<App>,
        shared: Arc<Shared>,
        draft: Arc<Draft>,
        journal: Option<Arc<Journal>>,
        options: CardOptions,
    ) -> Self {
        let pace = Pace::new(options.max_calls - FIXED_CALLS, Instant::now());
        let bounds = Bounds::new(options.max_chars);
        let (cards, calls, end, shows_all) = (Vec::new(), 0, End::Failed, false);
        Self { app, shared, draft, journal, options, pace, bounds, cards, calls, end, shows_all }
    }

    /// Writes from the first text to the last. An error means that cards won't do.
    pub(super) async fn write(&mut self, space: Space, robot: &str) -> Result<()> {
        let first = self.options.text.clone();
        let place = Place { space, robot: robot.to_owned() };
        self.begin(&place, &first).await?;
        while !self.draft.has_ended() {
            self.step(&place).await?;
        }
        self.finish(&place).await
    }

    /// What the call is done with.
    pub(super) fn told(&self) -> Value {
        let ids: Vec<_> = self.cards.iter().map(|card| card.id.as_str()).collect();
        let state = if self.end == End::Finished { "finished" } else { "failed" };
        json!({ "via": "card", "state": state, "outTrackId": ids.first(), "outTrackIds": ids, "calls": self.calls })
    }

    /// Whether people see the whole text, whatever else went wrong.
    pub(super) fn shows_all(&self) -> bool {
        self.shows_all
    }

    /// Waits for the next moment to show something, and shows it.
    async fn step(&mut self, place: &Place) -> Result<()> {
        self.draft.news().await;
        match self.pace.due() {
            None => self.draft.ended().await,
            Some(due) => tokio::select! {
                () = self.draft.ended() => {}
                () = sleep_until(due) => {}
            },
        }
        if self.draft.has_ended() { Ok(()) } else { self.show(place).await }
    }

    async fn show(&mut self, place: &Place) -> Result<()> {
        let at = self.cards.len() - 1;
        let request = Request::put(STREAMING, Value::Null).in_lane(Lane::Passing);
        let permit = tokio::select! {
            () = self.draft.ended() => return Ok(()),
            permit = self.app.permit(&request) => permit,
        };
        if let Err(error) = permit {
            return self.shrug(error, "");
        }
        // Only now, for the permit may have taken its time and the text has grown.
        let pages = self.bounds.pages(&self.draft.text());
        if pages.len() > self.cards.len() {
            self.pace.spend(FIXED_CALLS);
            self.turn(place, &pages[at..]).await?;
            self.pace.called(Instant::now());
            return Ok(());
        }
        let Some(text) = pages.get(at).map(|page| frame::whole(page)) else { return Ok(()) };
        if text.trim().is_empty() || text == self.cards[at].shows {
            return Ok(());
        }
        let request = Request { body: Some(streaming(self.id(), &self.options.key, &text, None)), ..request };
        self.calls += 1;
        let shown = self.in_time(self.app.call(&request.permitted())).await;
        self.pace.called(Instant::now());
        match shown {
            Some(Ok(_)) => self.cards[at].shows = text,
            Some(Err(error)) => return self.shrug(error, &text),
            // It may have arrived; the next one tells.
            None => self.draft.tell_again(),
        }
        Ok(())
    }

    /// `None` where an update takes too long, or longer than the end may wait.
    async fn in_time<T>(&self, update: impl Future<Output = T>) -> Option<T> {
        let ending = async {
            self.draft.ended().await;
            sleep(GRACE).await;
        };
        tokio::select! {
            biased;
            shown = timeout(self.options.update_timeout_ms, update) => shown.ok(),
            () = ending => None,
        }
    }

    /// What an update's failure means for the next ones. The end of the card is what counts.
    fn shrug(&mut self, error: Error, text: &str) -> Result<()> {
        match error.kind() {
            ErrorKind::NotFound => return Err(error),
            ErrorKind::TooLarge if !self.halve(text) => self.pace.give_up(),
            ErrorKind::Quota | ErrorKind::Forbidden | ErrorKind::Auth => self.pace.give_up(),
            ErrorKind::Throttled => self.pace.slow_down(),
            _ => {}
        }
        self.draft.tell_again();
        self.shared.log(Level::Debug, "card", format_args!("an update of a card's text failed: {error}"));
        Ok(())
    }

    pub(super) fn halve(&mut self, refused: &str) -> bool {
        let shown = self.cards.last().map_or(0, |card| card.shows.chars().count());
        self.bounds.halve(refused.chars().count(), shown)
    }

    pub(super) fn id(&self) -> &str {
        self.cards.last().map_or("", |card| &card.id)
    }

    pub(super) fn note(&self, write: impl FnOnce(&Journal, &CardOptions) -> std::io::Result<()>) {
        if let Some(journal) = &self.journal {
            tell_unwritten(&self.shared, write(journal, &self.options));
        }
    }

    pub(super) fn warn(&self, what: &str, error: &Error) {
        self.shared.log(Level::Warn, "card", format_args!("{what}: {error}"));
    }
}

/// Where the cards of a session appear.
pub(super) struct Place {
    pub(super) space: Space,
    pub(super) robot: String,
}
