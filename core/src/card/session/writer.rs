//! The task's side of a session: it shows the latest text at its pace, one call at a time, and ends the card.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::draft::{Draft, End, Ending};
use super::frame;
use super::pace::Pace;
use super::pages::{Bounds, beginning};
use crate::card::journal::{Begun, Journal};
use crate::card::options::CardOptions;
use crate::client::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::openapi::card::templates::{self, AiState};
use crate::openapi::card::{self, Card, CardButton, CardChange, Space};
use crate::openapi::{App, Lane, Request};

/// What a card costs that its text does not pass through: it is created, gets its last text, and its state.
const FIXED_CALLS: usize = 3;
/// What the value of a variable may have when a card is created, in bytes (document 0783).
const CREATED: usize = 1000;
/// The pauses between two tries to begin or end a card.
const PAUSE: Duration = Duration::from_secs(2);
/// How long an update that is under way may hold back the end.
const GRACE: Duration = Duration::from_secs(1);

/// What a session writes with, and what it has written.
pub(super) struct Writer {
    app: Arc<App>,
    shared: Arc<Shared>,
    draft: Arc<Draft>,
    journal: Option<Arc<Journal>>,
    options: CardOptions,
    pace: Pace,
    bounds: Bounds,
    cards: Vec<Written>,
    calls: usize,
    end: End,
    shows_all: bool,
}

/// A card that exists.
struct Written {
    id: String,
    shows: String,
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

    /// What people have not been shown for good, once that is known.
    pub(super) async fn left_to_say(&mut self) -> String {
        self.draft.ended().await;
        let ending = self.draft.ending();
        self.end = ending.end;
        let pages = self.bounds.pages(&self.last_text(&ending));
        let shown = self.cards.len().saturating_sub(1).min(pages.len() - 1);
        pages[shown..].join("\n")
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
        let mut pages = self.bounds.pages(&self.draft.text());
        if pages.len() > self.cards.len() {
            self.pace.spend(FIXED_CALLS);
            let page = pages.swap_remove(at);
            self.turn(place, &page).await?;
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

    /// The card is full: it ends with what it holds, and another one goes on.
    async fn turn(&mut self, place: &Place, page: &str) -> Result<()> {
        match self.close(page, &Ending::of_full_card()).await {
            // The next look at the text cuts it smaller.
            Err(error) if error.kind() == ErrorKind::TooLarge && self.halve(page) => {
                self.draft.tell_again();
                Ok(())
            }
            Err(error) => Err(error),
            Ok(()) => self.begin(place, "…").await,
        }
    }

    /// Ends the session: every card shows its part.
    async fn finish(&mut self, place: &Place) -> Result<()> {
        let ending = self.draft.ending();
        self.end = ending.end;
        let text = self.last_text(&ending);
        if ending.end == End::Failed {
            // Cards that are full stay as they are.
            let most = text.char_indices().nth(self.options.max_chars).map_or(text.len(), |(bytes, _)| bytes);
            return self.close(beginning(&text, most), &ending).await;
        }
        loop {
            let pages = self.bounds.pages(&text);
            let at = self.cards.len() - 1;
            if pages.len() > self.cards.len() {
                self.turn(place, &pages[at]).await?;
                continue;
            }
            let page = pages.get(at).map_or("…", String::as_str);
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
            let page = pages.get(at).map_or("…", String::as_str);
            if self.cards[at].shows != page {
                let change = CardChange::of(&self.cards[at].id).value(&self.options.key, page);
                self.calls += 1;
                card::update(&self.app, &change).await?;
                page.clone_into(&mut self.cards[at].shows);
            }
        }
        Ok(())
    }

    /// What the card ends with: what was said, else what it was opened with, else the fallback.
    fn last_text(&self, ending: &Ending) -> String {
        let opened = Some(&self.options.text).filter(|text| **text != CardOptions::default().text);
        let texts = [Some(&ending.text), opened.filter(|_| ending.end == End::Finished), Some(&self.options.fallback)];
        let said = texts.into_iter().flatten().find(|text| !text.trim().is_empty());
        said.cloned().unwrap_or_default()
    }

    async fn begin(&mut self, place: &Place, text: &str) -> Result<()> {
        let text = frame::whole(beginning(text, CREATED));
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
            values.extend(templates::ai_ended(ai_state(ending.end), &ending.buttons));
        }
        if !values.is_empty() {
            self.calls += 1;
            let request = card::changing(&CardChange::of(&id).values(values))?.in_lane(Lane::Urgent);
            persist(within, || self.app.call(&request)).await?;
        }
        self.note(|journal, _| journal.ended(&id));
        Ok(())
    }

    fn halve(&mut self, refused: &str) -> bool {
        let shown = self.cards.last().map_or(0, |card| card.shows.chars().count());
        self.bounds.halve(refused.chars().count(), shown)
    }

    fn id(&self) -> &str {
        self.cards.last().map_or("", |card| &card.id)
    }

    fn note(&self, write: impl FnOnce(&Journal, &CardOptions) -> std::io::Result<()>) {
        if let Some(journal) = &self.journal
            && let Err(error) = write(journal, &self.options)
        {
            self.shared.log(Level::Warn, "card", format_args!("the card journal can't be written ({error})"));
        }
    }

    pub(super) fn warn(&self, what: &str, error: &Error) {
        self.shared.log(Level::Warn, "card", format_args!("{what}: {error}"));
    }
}

/// Where the cards of a session appear.
struct Place {
    space: Space,
    robot: String,
}

pub(super) const STREAMING: &str = "/v1.0/card/streaming";

/// An update of the text (document 0785). Markdown is always sent whole.
pub(super) fn streaming(id: &str, key: &str, text: &str, end: Option<End>) -> Value {
    json!({
        "outTrackId": id,
        "guid": format!("{:032x}", fastrand::u128(..)),
        "key": key,
        "content": text,
        "isFull": true,
        "isFinalize": end == Some(End::Finished),
        "isError": end == Some(End::Failed),
    })
}

fn ai_state(end: End) -> AiState {
    match end {
        End::Finished => AiState::Finished,
        End::Failed => AiState::Failed,
    }
}

/// Tries until it is done or refused, or time is over.
pub(super) async fn persist<F>(within: Duration, attempt: impl Fn() -> F) -> Result<Value>
where
    F: Future<Output = Result<Value>>,
{
    let until = Instant::now() + within;
    loop {
        match attempt().await {
            Err(error) if error.is_retryable() && Instant::now() < until => sleep(PAUSE).await,
            done => return done,
        }
    }
}

impl Ending {
    /// What a card ends with that another one goes on from.
    fn of_full_card() -> Self {
        let (buttons, values): (Vec<CardButton>, _) = (Vec::new(), Map::new());
        Self { end: End::Finished, text: String::new(), buttons, values, is_last: false }
    }
}
