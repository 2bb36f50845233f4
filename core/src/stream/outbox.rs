//! What waits to be written to a connection. Waking the writer costs more than writing an answer does, so answers that
//! follow each other closely leave together: the first one at once, the others when nothing more is owed, when there are
//! many, or after a millisecond.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// How long an answer may wait for the next one.
const GATHERED: Duration = Duration::from_millis(1);
/// As many as this wait for no further one.
const MANY: usize = 32;

/// What goes out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outgoing {
    /// An answer.
    Text(String),
    /// Asks the server for a sign of life.
    Ping,
    /// Nothing more goes out after it.
    Close,
}

/// From whoever answers to the task that writes.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Default)]
struct Waiting {
    outgoing: Vec<Outgoing>,
    /// Whether something was written a moment ago, so that the writer looks again by itself.
    is_gathering: bool,
    is_closed: bool,
}

impl Outbox {
    /// Takes one more; false once it is closed. What is `urgent` takes along everything before it at once.
    pub(super) fn put(&self, one: Outgoing, urgent: bool) -> bool {
        let told = {
            let mut waiting = self.lock();
            if waiting.is_closed {
                return false;
            }
            waiting.is_closed = one == Outgoing::Close;
            waiting.outgoing.push(one);
            urgent || !waiting.is_gathering || waiting.outgoing.len() == MANY
        };
        if told {
            self.filled.notify_one();
        }
        true
    }

    /// Takes nothing any more.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Waits until something is to be written, and moves it to `batch`, which is empty.
    pub(super) async fn take(&self, batch: &mut Vec<Outgoing>) {
        loop {
            let gathers = self.lock().is_gathering;
            let told = timeout(if gathers { GATHERED } else { Duration::MAX }, self.filled.notified()).await.is_ok();
            let mut waiting = self.lock();
            if !waiting.outgoing.is_empty() {
                std::mem::swap(&mut waiting.outgoing, batch);
                waiting.is_gathering = true;
                return;
            }
            waiting.is_gathering = gathers && told;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::time::{Instant, advance};

    use super::*;

    fn text(text: &str) -> Outgoing {
        Outgoing::Text(text.to_owned())
    }

    async fn taken(outbox: &Outbox) -> Vec<Outgoing> {
        let mut batch = Vec::new();
        outbox.take(&mut batch).await;
        batch
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_answer_leaves_at_once() {
        let (outbox, begun) = (Outbox::default(), Instant::now());
        assert!(outbox.put(text("a"), false));
        assert_eq!((taken(&outbox).await, begun.elapsed()), (vec![text("a")], Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_follow_it_closely_leave_together_within_a_millisecond() {
        let outbox = Outbox::default();
        outbox.put(text("a"), false);
        taken(&outbox).await;
        outbox.put(text("b"), false);
        outbox.put(text("c"), false);
        let (begun, gathered) = (Instant::now(), taken(&outbox).await);
        assert_eq!((gathered, begun.elapsed()), (vec![text("b"), text("c")], GATHERED));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_what_is_urgent_or_for_more_than_many() {
        let outbox = Outbox::default();
        outbox.put(text("a"), false);
        taken(&outbox).await;
        let begun = Instant::now();
        outbox.put(text("b"), false);
        outbox.put(Outgoing::Ping, true);
        assert_eq!(taken(&outbox).await, [text("b"), Outgoing::Ping]);
        (0..MANY).for_each(|_| assert!(outbox.put(text("c"), false)));
        assert_eq!(taken(&outbox).await.len(), MANY);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_quiet_while_the_next_answer_is_a_first_one() {
        let outbox = Outbox::default();
        outbox.put(text("a"), false);
        taken(&outbox).await;
        let mut next = std::pin::pin!(taken(&outbox));
        assert!(next.as_mut().now_or_never().is_none());
        advance(GATHERED).await;
        assert!(next.as_mut().now_or_never().is_none(), "nothing came");
        let begun = Instant::now();
        outbox.put(text("b"), false);
        assert_eq!((next.await, begun.elapsed()), (vec![text("b")], Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_out_after_the_goodbye() {
        let outbox = Outbox::default();
        assert!(outbox.put(text("a"), false) && outbox.put(Outgoing::Close, true));
        assert!(!outbox.put(text("b"), true));
        assert_eq!(taken(&outbox).await, [text("a"), Outgoing::Close]);
    }
}
