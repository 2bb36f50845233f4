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

/// A batch whose text took more is not used again.
const LARGE: usize = 64 * 1024;

/// What goes out, in one piece of memory.
#[derive(Default)]
pub(super) struct Batch {
    /// The answers, one behind the other.
    pub(super) text: Vec<u8>,
    pub(super) parts: Vec<Part>,
}

/// One thing that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The answer that ends here in the text.
    Answer(usize),
    /// Asks the server for a sign of life.
    Ping,
    /// Nothing more goes out after it.
    Close,
}

impl Batch {
    fn emptied(mut self) -> Self {
        if self.text.capacity() > LARGE {
            return Self::default();
        }
        self.text.clear();
        self.parts.clear();
        self
    }
}

/// From whoever answers to the task that writes.
#[derive(Default)]
pub(super) struct Outbox {
    waiting: Mutex<Waiting>,
    filled: Notify,
}

#[derive(Default)]
struct Waiting {
    batch: Batch,
    /// Whether something was written a moment ago, so that the writer looks again by itself.
    is_gathering: bool,
    is_closed: bool,
}

impl Outbox {
    /// Takes an answer, which `write` appends; false once it is closed. What is `urgent` takes along everything before it
    /// at once.
    pub(super) fn write(&self, write: impl FnOnce(&mut Vec<u8>), urgent: bool) -> bool {
        self.put(urgent, |waiting| {
            write(&mut waiting.batch.text);
            Part::Answer(waiting.batch.text.len())
        })
    }

    /// Asks the server for a sign of life.
    pub(super) fn ping(&self) {
        self.put(true, |_| Part::Ping);
    }

    /// Says goodbye behind everything before, and takes nothing any more.
    pub(super) fn close(&self) {
        self.put(true, |waiting| {
            waiting.is_closed = true;
            Part::Close
        });
    }

    fn put(&self, urgent: bool, part: impl FnOnce(&mut Waiting) -> Part) -> bool {
        let told = {
            let mut waiting = self.lock();
            if waiting.is_closed {
                return false;
            }
            let part = part(&mut waiting);
            waiting.batch.parts.push(part);
            urgent || !waiting.is_gathering || waiting.batch.parts.len() == MANY
        };
        if told {
            self.filled.notify_one();
        }
        true
    }

    /// Takes nothing any more.
    pub(super) fn end(&self) {
        self.lock().is_closed = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Waits until something is to be written; `used` is what was written before, for its memory.
    pub(super) async fn take(&self, used: Batch) -> Batch {
        loop {
            let gathers = self.lock().is_gathering;
            let told = timeout(if gathers { GATHERED } else { Duration::MAX }, self.filled.notified()).await.is_ok();
            let mut waiting = self.lock();
            if waiting.batch.parts.is_empty() {
                waiting.is_gathering = gathers && told;
            } else {
                waiting.is_gathering = true;
                return std::mem::replace(&mut waiting.batch, used.emptied());
            }
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

    fn put(outbox: &Outbox, text: &str) -> bool {
        outbox.write(|out| out.extend_from_slice(text.as_bytes()), false)
    }

    /// The text of all answers, and how many parts there are.
    async fn taken(outbox: &Outbox) -> (String, usize) {
        let batch = outbox.take(Batch::default()).await;
        (String::from_utf8(batch.text).expect("UTF-8"), batch.parts.len())
    }

    fn parts(text: &str, count: usize) -> (String, usize) {
        (text.to_owned(), count)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_answer_leaves_at_once() {
        let (outbox, begun) = (Outbox::default(), Instant::now());
        assert!(put(&outbox, "a"));
        assert_eq!((taken(&outbox).await, begun.elapsed()), (parts("a", 1), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_follow_it_closely_leave_together_within_a_millisecond() {
        let outbox = Outbox::default();
        put(&outbox, "a");
        taken(&outbox).await;
        put(&outbox, "b");
        put(&outbox, "c");
        let (begun, gathered) = (Instant::now(), taken(&outbox).await);
        assert_eq!((gathered, begun.elapsed()), (parts("bc", 2), GATHERED));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_what_is_urgent_or_for_more_than_many() {
        let outbox = Outbox::default();
        put(&outbox, "a");
        taken(&outbox).await;
        let begun = Instant::now();
        put(&outbox, "b");
        outbox.ping();
        assert_eq!(taken(&outbox).await, parts("b", 2));
        (0..MANY).for_each(|_| assert!(put(&outbox, "c")));
        assert_eq!(taken(&outbox).await.1, MANY);
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_quiet_while_the_next_answer_is_a_first_one() {
        let outbox = Outbox::default();
        put(&outbox, "a");
        taken(&outbox).await;
        let mut next = std::pin::pin!(taken(&outbox));
        assert!(next.as_mut().now_or_never().is_none());
        advance(GATHERED).await;
        assert!(next.as_mut().now_or_never().is_none(), "nothing came");
        let begun = Instant::now();
        put(&outbox, "b");
        assert_eq!((next.await, begun.elapsed()), (parts("b", 1), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_out_after_the_goodbye() {
        let outbox = Outbox::default();
        put(&outbox, "a");
        outbox.close();
        assert!(!put(&outbox, "b"));
        assert_eq!(outbox.take(Batch::default()).await.parts, [Part::Answer(1), Part::Close]);
    }
}
