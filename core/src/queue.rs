//! Where deliveries, finished calls and logs wait for the application. One queue serves any number of clients.

mod feed;
mod lanes;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::call::Outcome;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Record;
use crate::runtime::Born;
use crate::unix::WakeHandle;
pub(crate) use feed::WeakQueue;
use lanes::Lanes;

/// One thing that waited in a queue.
#[derive(Debug)]
pub enum Item {
    /// A delivery, to be settled.
    Delivery(Delivery),
    /// A call that was sent here with [`Call::to_queue`](crate::Call::to_queue).
    Done {
        /// The tag that the call was given.
        tag: u64,
        /// How it ended.
        outcome: Outcome,
    },
    /// A log record of the client with this source.
    Log {
        /// The tag that the client was given.
        source: u64,
        /// What happened.
        record: Record,
    },
}

/// What a take brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// At least one item.
    Some,
    /// Nothing within the time.
    Nothing,
    /// Nothing, and nothing will come: the queue is closed and drained.
    Closed,
}

/// How long a thread sleeps that waits for ever.
const LONG: Duration = Duration::from_secs(3600);

/// A function that is told of the step from empty to not empty. It may only signal.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// A queue, shared by reference count.
#[derive(Clone)]
pub struct Queue(Arc<Shared>);

struct Shared {
    lanes: Mutex<Lanes>,
    filled: Condvar,
    notify: Notify,
    born: Born,
}

impl Default for Queue {
    fn default() -> Self {
        Self::new()
    }
}

impl Queue {
    /// An empty queue.
    pub fn new() -> Self {
        let lanes = Mutex::new(Lanes { armed: true, ..Lanes::default() });
        Self(Arc::new(Shared { lanes, filled: Condvar::new(), notify: Notify::new(), born: Born::now() }))
    }

    /// Moves up to `max` items to `out`, waiting for the first one as long as `timeout` says; `None` waits for ever.
    ///
    /// # Errors
    /// `forked` in a child of the process that made the queue.
    pub fn take(&self, max: usize, timeout: Option<Duration>, out: &mut Vec<Item>) -> Result<Taken> {
        self.0.born.check("queue")?;
        Ok(self.take_here(max, timeout, out))
    }

    /// The same for a thread of the library, which no child inherits: asking for the process costs a system call.
    pub(crate) fn take_here(&self, max: usize, timeout: Option<Duration>, out: &mut Vec<Item>) -> Taken {
        // The clock is asked only where there is something to wait for.
        let mut deadline = None;
        let mut lanes = self.lock();
        while lanes.items.is_empty() && !lanes.closed && max > 0 {
            lanes.armed = true;
            let left = match timeout {
                Some(Duration::ZERO) => return Taken::Nothing,
                Some(timeout) => {
                    let now = Instant::now();
                    let deadline = *deadline.get_or_insert_with(|| now.checked_add(timeout));
                    deadline.map_or(LONG, |deadline| deadline.saturating_duration_since(now))
                }
                None => LONG,
            };
            if left.is_zero() {
                return Taken::Nothing;
            }
            lanes.waiting += 1;
            let (locked, _) = self.0.filled.wait_timeout(lanes, left).unwrap_or_else(|poisoned| poisoned.into_inner());
            lanes = locked;
            lanes.waiting -= 1;
            lanes.woken = lanes.woken.saturating_sub(1);
        }
        lanes.drain(max, out)
    }

    /// The next item, or `None` once the queue is closed and drained.
    ///
    /// # Errors
    /// `forked` in a child of the process that made the queue.
    pub async fn next(&self) -> Result<Option<Item>> {
        let mut one = Vec::with_capacity(1);
        self.some(1, &mut one).await?;
        Ok(one.pop())
    }

    /// Waits for the next item and moves up to `max` of those that are there to `out`; none where the queue is closed and
    /// drained.
    pub(crate) async fn some(&self, max: usize, out: &mut Vec<Item>) -> Result<()> {
        loop {
            match self.take(max, Some(Duration::ZERO), out)? {
                Taken::Some => {
                    // Others may wait too, and one push wakes only one of them.
                    if !self.lock().items.is_empty() {
                        self.0.notify.notify_one();
                    }
                    return Ok(());
                }
                Taken::Closed => return Ok(()),
                Taken::Nothing => self.0.notify.notified().await,
            }
        }
    }

    /// Tells `wake` of each step from empty to not empty, at once where something already waits.
    ///
    /// It runs on a thread of the library and may only signal. After it ran, it runs again only after a take that came
    /// back with less than it asked for.
    pub fn on_wake(&self, wake: Option<Wake>) {
        if self.0.born.is_forked() {
            return;
        }
        // What it replaces is dropped without the lock, for it may be the application's.
        let (_before, now) = {
            let mut lanes = self.lock();
            let before = std::mem::replace(&mut lanes.wake, wake);
            lanes.armed = lanes.items.is_empty() && !lanes.closed;
            (before, if lanes.armed { None } else { lanes.wake.clone() })
        };
        if let Some(wake) = now {
            wake();
        }
    }

    /// A descriptor that is readable while something waits. The library alone reads from it and closes it.
    ///
    /// # Errors
    /// `busy` where no descriptor can be made; `forked` in a child.
    pub fn wake_handle(&self) -> Result<isize> {
        self.0.born.check("queue")?;
        let mut lanes = self.lock();
        if lanes.handle.is_none() {
            let mut handle = WakeHandle::new()?;
            if !lanes.items.is_empty() || lanes.closed {
                handle.raise();
            }
            lanes.handle = Some(handle);
        }
        lanes.handle.as_ref().map(WakeHandle::descriptor).ok_or_else(|| Error::new(ErrorKind::Panic, "no wake handle"))
    }

    /// Closes the queue: what waits can still be taken, then every take says closed.
    pub fn close(&self) {
        if self.0.born.is_forked() {
            return;
        }
        let wake = {
            let mut lanes = self.lock();
            lanes.closed = true;
            lanes.raise()
        };
        self.tell(wake, true);
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.0.lanes.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl fmt::Debug for Queue {
    /// Never waits for the lock: in a forked child nobody may ever give it back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.lanes.try_lock() {
            Ok(lanes) => write!(f, "Queue({} waiting)", lanes.items.len()),
            Err(_) => f.write_str("Queue(in use)"),
        }
    }
}
