//! A session: opened at once, written by any thread, ended exactly once.

mod beginning;
mod draft;
mod ending;
mod frame;
mod instead;
mod pace;
mod pages;
mod recover;
mod wire;
mod writer;

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use super::journal::Journal;
use super::options::CardOptions;
use crate::call::Call;
use crate::client::{Shared, counted};
use crate::error::{Error, Result};
use crate::json::Json;
use crate::openapi::card::{CardButton, Space};
pub(super) use draft::Draft;
pub(crate) use instead::Instead;
use writer::Writer;

/// What types into an AI card. It is opened at once and takes text at once; the card follows. Every function may be called
/// from any thread, and none waits for the network. Dropped before it has ended, it ends as failed, with its fallback
/// text.
pub struct CardSession {
    draft: Arc<Draft>,
    shared: Arc<Shared>,
    written: Call,
}

/// Where a session writes.
pub(crate) struct Opening {
    pub(crate) robot: String,
    /// Where the card appears, or why there is no such place.
    pub(crate) space: Result<Space>,
    /// How a message gets there where cards don't.
    pub(crate) instead: Instead,
}

impl CardSession {
    /// Opens a session.
    pub(crate) fn open(shared: &Arc<Shared>, opening: Opening, options: CardOptions) -> Result<Self> {
        shared.born.check("client")?;
        let (app, options, journal) = (Arc::clone(shared.app()?), options.checked()?, shared.journal()?.cloned());
        let draft = Arc::new(Draft::new(options.fallback.clone()));
        let work = Work { opening, writer: Writer::new(app, Arc::clone(shared), Arc::clone(&draft), journal, options) };
        let work = async move { work.done().await.map(|told| Arc::new(Json::from(told))) };
        let written = Call::start(&shared.teller, "card", counted(shared, work));
        shared.sessions.add(&draft);
        Ok(Self { draft, shared: Arc::clone(shared), written })
    }

    /// Adds text behind what was said before; the first replaces the text that it was opened with.
    ///
    /// # Errors
    /// `answered` once it has ended, `too_large` beyond 4 MiB, `forked` in a child; so for every function of a session.
    pub fn push(&self, text: &str) -> Result<()> {
        self.draft()?.push(text)
    }

    /// Replaces what was said before.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn set(&self, text: &str) -> Result<()> {
        self.draft()?.set(text)
    }

    /// A button that the card ends with; of the public template alone, others have theirs in the template.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn button(&self, button: CardButton) -> Result<()> {
        self.draft()?.button(button)
    }

    /// A value that the card ends with, of another variable of its template.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn value(&self, name: &str, value: impl Into<Value>) -> Result<()> {
        self.draft()?.value(name, value.into())
    }

    /// Ends it with the text that was said. The call is done once the card shows it all, with `{"via":"card","state":
    /// "finished","outTrackId":"…","outTrackIds":["…"],"calls":N}`; where it took several cards, `outTrackIds` names them all. Where
    /// cards are refused, the text went out as a message: `via` is `session` or `openapi` then, and `degraded` says why.
    ///
    /// # Errors
    /// The call fails with `answered` where it has ended before. Cancelling it only ends the waiting.
    pub fn finish(&self) -> Call {
        self.ended("card_finish", self.draft().and_then(Draft::finish))
    }

    /// Ends it as failed, with this text in place of what was said; empty for the fallback. The call is done as for
    /// [`finish`](Self::finish), with the state `failed`.
    ///
    /// # Errors
    /// As for [`finish`](Self::finish).
    pub fn fail(&self, text: &str) -> Call {
        self.ended("card_fail", self.draft().and_then(|draft| draft.fail(text)))
    }

    fn draft(&self) -> Result<&Draft> {
        self.shared.born.check("card session")?;
        Ok(&self.draft)
    }

    fn ended(&self, operation: &'static str, ended: Result<()>) -> Call {
        let teller = &self.shared.teller;
        match ended {
            Err(error) => Call::failed(teller, operation, error),
            Ok(()) => Call::start(teller, operation, self.written.clone()),
        }
    }
}

impl Drop for CardSession {
    fn drop(&mut self) {
        // In a forked child the card belongs to the parent, and so do the locks behind it.
        if !self.shared.born.is_forked() {
            let _ = self.draft.fail("");
        }
    }
}

impl fmt::Debug for CardSession {
    /// Shows no text: it is what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardSession").finish_non_exhaustive()
    }
}

/// The task of a session.
struct Work {
    opening: Opening,
    writer: Writer,
}

impl Work {
    async fn done(mut self) -> Result<Value> {
        let written = match &self.opening.space {
            Ok(space) => self.writer.write(space.clone(), &self.opening.robot).await,
            Err(error) => Err(error.clone()),
        };
        match written {
            Ok(()) => Ok(self.writer.told()),
            Err(error) if self.writer.shows_all() => Err(error),
            Err(error) => {
                self.writer.warn("a card can't be written, and its text goes out as a message", &error);
                self.writer.abandon().await;
                let (text, mut told) = (self.writer.left_to_say().await, self.writer.told());
                let sent = instead::send(&self.opening.instead, &text).await;
                told["via"] = sent.map_err(|second| both(&error, &second))?;
                told["degraded"] = error.to_json();
                Ok(told)
            }
        }
    }
}

/// What went wrong first says more, and what was tried in its place belongs to it.
fn both(first: &Error, second: &Error) -> Error {
    let told = format!("{}; a message in its place failed, too: {}", first.message(), second.message());
    let advice = if first.advice().is_empty() { second.advice() } else { first.advice() };
    Error::new(first.kind(), told)
        .http(first.http_status())
        .platform(first.platform_code(), first.request_id())
        .hint(advice.to_owned())
}

/// Ends what an earlier run left open.
pub(crate) fn recover(shared: &Arc<Shared>, journal: &Arc<Journal>) -> Call {
    // Looked at now, before this run begins cards of its own.
    let (left, shared, journal) = (journal.left(), Arc::clone(shared), Arc::clone(journal));
    let teller = Arc::clone(&shared.teller);
    Call::start(
        &teller,
        "card_recover",
        counted(&Arc::clone(&shared), async move {
            let ended = recover::end(&shared, &journal, left).await?;
            Ok(Arc::new(Json::from(json!({ "ended": ended }))))
        }),
    )
}
