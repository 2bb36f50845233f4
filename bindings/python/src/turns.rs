//! Which of several threads takes from a queue: one at a time, and another as soon as that one stays away.
//!
//! Handlers that end at once all run on one thread, without a word between threads and their contest for the
//! interpreter's lock. A handler that blocks is noticed by the thread that stands by, which then takes in its place.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use dingstream::queue::{Item, Taken};
use dingstream::{Kind, Queue as Source, Result};
use pyo3::prelude::*;

use crate::error::raised;
use crate::exit::detached;
use crate::queue::{Queue, into_python};

/// How long a handler may take before another thread takes the next delivery.
const PATIENCE: Duration = Duration::from_millis(1);
/// How often the thread that stands by looks in vain before it sleeps until it is woken.
const LOOKS: u32 = 20;
/// How long the taker waits before it looks whether it is still wanted.
const SLICE: Duration = Duration::from_millis(200);

/// The turns of threads that are told apart by numbers of their own.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Turns {
    queue: Source,
    turn: Mutex<Turn>,
    standby: Condvar,
    reserve: Condvar,
}

#[derive(Default)]
struct Turn {
    taker: Option<usize>,
    /// Whether the taker is in a handler. Not while it tells a state: states come one after the other.
    is_away: bool,
    /// How many items were handed out: a taker that comes and goes is not stuck.
    handed: u64,
    is_watched: bool,
    is_standby_asleep: bool,
    is_closed: bool,
}

#[pymethods]
impl Turns {
    #[new]
    fn new(queue: &Queue) -> Self {
        Self { queue: queue.core().clone(), turn: Mutex::default(), standby: Condvar::new(), reserve: Condvar::new() }
    }

    /// The next item for the thread with this number; `None` once the turns or the queue are closed.
    fn next(&self, py: Python<'_>, thread: usize) -> PyResult<Option<Py<PyAny>>> {
        let item = match self.next_at_once(thread) {
            // The interpreter is let go only where there is something to wait for.
            Ok(None) => detached(py, || self.next_in_turn(thread)),
            item => item,
        };
        item.map_err(|error| raised(py, &error))?.map(|item| into_python(py, item)).transpose()
    }

    /// Ends every wait.
    fn close(&self) {
        self.lock().is_closed = true;
        self.standby.notify_all();
        self.reserve.notify_all();
    }
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn next_at_once(&self, thread: usize) -> Result<Option<Item>> {
        if !self.lock().begin(thread) {
            return Ok(None);
        }
        let mut one = Vec::with_capacity(1);
        self.queue.take(1, Some(Duration::ZERO), &mut one)?;
        Ok(one.pop().inspect(|item| self.hand(item)))
    }

    fn next_in_turn(&self, thread: usize) -> Result<Option<Item>> {
        let mut one = Vec::with_capacity(1);
        loop {
            let mut turn = self.lock();
            if turn.is_closed {
                return Ok(None);
            }
            if turn.begin(thread) {
                drop(turn);
                if self.queue.take(1, Some(SLICE), &mut one)? == Taken::Closed {
                    self.close();
                }
                if let Some(item) = one.pop() {
                    self.hand(&item);
                    return Ok(Some(item));
                }
            } else if turn.is_watched {
                drop(self.reserve.wait(turn));
            } else {
                turn.is_watched = true;
                self.stand_by(turn, thread);
            }
        }
    }

    fn hand(&self, item: &Item) {
        let mut turn = self.lock();
        turn.handed += 1;
        turn.is_away = !matches!(item, Item::Delivery(delivery) if delivery.kind() == Kind::State);
        if turn.is_standby_asleep {
            self.standby.notify_one();
        }
    }

    /// Watches the taker, and takes its place when it stays away.
    fn stand_by(&self, mut turn: MutexGuard<'_, Turn>, thread: usize) {
        let (mut seen, mut looks) = (turn.handed, 0);
        while !turn.is_closed {
            if looks == LOOKS {
                turn.is_standby_asleep = true;
                turn = self.standby.wait(turn).unwrap_or_else(|poisoned| poisoned.into_inner());
                turn.is_standby_asleep = false;
                (seen, looks) = (turn.handed, 0);
                continue;
            }
            (turn, _) = self.standby.wait_timeout(turn, PATIENCE).unwrap_or_else(|poisoned| poisoned.into_inner());
            if turn.is_away && turn.handed == seen {
                turn.taker = Some(thread);
                turn.is_away = false;
                break;
            }
            looks = if turn.handed == seen { looks + 1 } else { 0 };
            seen = turn.handed;
        }
        turn.is_watched = false;
        self.reserve.notify_one();
    }
}

impl Turn {
    /// Whether the next turn is this thread's.
    fn begin(&mut self, thread: usize) -> bool {
        let is_its = !self.is_closed && *self.taker.get_or_insert(thread) == thread;
        if is_its {
            self.is_away = false;
        }
        is_its
    }
}
