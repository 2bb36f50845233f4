//! The text as it grows: written by any thread, read by the session's task.

use std::sync::{Mutex, MutexGuard};

use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::error::{Error, ErrorKind, Result};
use crate::openapi::card::CardButton;

/// More than any card or conversation can use: somebody pushes in a loop.
const LONGEST: usize = 4 * 1024 * 1024;

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Finished,
    Failed,
}

/// What the application has said so far.
pub(in crate::card) struct Draft {
    said: Mutex<Said>,
    changed: Notify,
    fallback: String,
}

#[derive(Default)]
struct Said {
    text: String,
    buttons: Vec<CardButton>,
    values: Map<String, Value>,
    end: Option<End>,
    /// Whether the task knows that there is something new.
    is_told: bool,
}

/// What a card ends with besides its text.
pub(super) struct Ending {
    pub(super) end: End,
    pub(super) text: String,
    pub(super) buttons: Vec<CardButton>,
    pub(super) values: Map<String, Value>,
    /// Whether nothing follows in another card.
    pub(super) is_last: bool,
}

impl Draft {
    pub(super) fn new(fallback: String) -> Self {
        Self { said: Mutex::default(), changed: Notify::new(), fallback }
    }

    pub(super) fn push(&self, text: &str) -> Result<()> {
        self.change(|said| {
            if said.text.len() + text.len() > LONGEST {
                return Err(too_long());
            }
            said.text.push_str(text);
            Ok(())
        })
    }

    pub(super) fn set(&self, text: &str) -> Result<()> {
        self.change(|said| {
            if text.len() > LONGEST {
                return Err(too_long());
            }
            text.clone_into(&mut said.text);
            Ok(())
        })
    }

    pub(super) fn button(&self, button: CardButton) -> Result<()> {
        self.change(|said| {
            said.buttons.push(button);
            Ok(())
        })
    }

    pub(super) fn value(&self, name: &str, value: Value) -> Result<()> {
        self.change(|said| {
            said.values.insert(name.to_owned(), value);
            Ok(())
        })
    }

    pub(super) fn finish(&self) -> Result<()> {
        self.change(|said| {
            said.end = Some(End::Finished);
            Ok(())
        })
    }

    /// Ends with this text, whatever was said before; empty for the fallback.
    pub(in crate::card) fn fail(&self, text: &str) -> Result<()> {
        let text = if text.trim().is_empty() { &self.fallback } else { text };
        self.change(|said| {
            text.clone_into(&mut said.text);
            said.end = Some(End::Failed);
            Ok(())
        })
    }

    fn change(&self, change: impl FnOnce(&mut Said) -> Result<()>) -> Result<()> {
        let mut said = self.lock();
        if said.end.is_some() {
            return Err(Error::new(ErrorKind::Answered, "the card session has ended")
                .hint("open another card for what follows"));
        }
        change(&mut said)?;
        // The task is woken once for all that it has not looked at.
        let is_news = !std::mem::replace(&mut said.is_told, true) || said.end.is_some();
        drop(said);
        if is_news {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Waits until there is something that [`text`](Self::text) has not told yet.
    pub(super) async fn news(&self) {
        while !self.lock().is_told {
            self.changed.notified().await;
        }
    }

    /// What was told has not been shown.
    pub(super) fn tell_again(&self) {
        self.lock().is_told = true;
    }

    /// Waits for the end.
    pub(super) async fn ended(&self) {
        while !self.has_ended() {
            self.changed.notified().await;
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.lock().end.is_some()
    }

    /// The text so far.
    pub(super) fn text(&self) -> String {
        let mut said = self.lock();
        said.is_told = said.end.is_some();
        said.text.clone()
    }

    /// What it ends with; of a draft that has not ended, what it says so far.
    pub(super) fn ending(&self) -> Ending {
        let said = self.lock();
        Ending {
            end: said.end.unwrap_or(End::Failed),
            text: said.text.clone(),
            buttons: said.buttons.clone(),
            values: said.values.clone(),
            is_last: true,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn too_long() -> Error {
    Error::new(ErrorKind::TooLarge, format!("the text of a card session has more than {LONGEST} bytes"))
        .hint("send a file instead")
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn what_was_said_is_news_once() {
        let draft = Draft::new("gone".to_owned());
        assert!(draft.news().now_or_never().is_none());
        draft.push("a").expect("open");
        draft.push("b").expect("open");
        draft.news().await;
        assert_eq!(draft.text(), "ab");
        assert!(draft.news().now_or_never().is_none());
        draft.tell_again();
        draft.news().await;
        assert_eq!(draft.text(), "ab");
        draft.set("c").expect("open");
        draft.news().await;
        assert_eq!(draft.text(), "c");
    }

    #[tokio::test]
    async fn after_the_end_nothing_is_taken() {
        let draft = Draft::new("gone".to_owned());
        draft.push("a").expect("open");
        draft.finish().expect("open");
        draft.ended().await;
        for refused in [draft.push("b"), draft.set("b"), draft.finish(), draft.fail("b"), draft.value("k", 1.into())] {
            assert_eq!(refused.expect_err("ended").kind(), ErrorKind::Answered);
        }
        let ending = draft.ending();
        assert_eq!((ending.end, ending.text.as_str()), (End::Finished, "a"));
    }

    #[test]
    fn a_text_without_bound_is_refused_and_what_was_there_stays() {
        let draft = Draft::new("gone".to_owned());
        draft.push("a").expect("open");
        assert_eq!(draft.push(&"x".repeat(LONGEST)).expect_err("too long").kind(), ErrorKind::TooLarge);
        assert_eq!(draft.text(), "a");
    }
}
