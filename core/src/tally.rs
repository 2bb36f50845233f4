//! A count that can be waited for until it is zero.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// How many of something are under way.
#[derive(Default)]
pub(crate) struct Tally {
    count: AtomicUsize,
    zero: Notify,
}

impl Tally {
    pub(crate) fn add(&self) {
        self.add_many(1);
    }

    pub(crate) fn add_many(&self, count: usize) {
        self.count.fetch_add(count, Ordering::AcqRel);
    }

    pub(crate) fn done(&self) {
        if self.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.zero.notify_waiters();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    pub(crate) async fn zero(&self) {
        loop {
            // Registered before the look, so that a `done` in between is not missed.
            let mut zero = std::pin::pin!(self.zero.notified());
            zero.as_mut().enable();
            if self.count() == 0 {
                return;
            }
            zero.await;
        }
    }
}
