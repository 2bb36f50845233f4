//! What a client holds: bounded by count and bytes, handed over in order, each delivery in one place until it is settled.
//!
//! The network thread alone admits and counts the time, whatever the number of connections, so they never wait for each
//! other here; the application's threads come in to settle.

mod state;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::answer::Settlement;
use super::dedupe::{Bounds, Dedupe};
use super::identity::Identity;
use super::origin::Origin;
use crate::config::Config;
use crate::delivery::{Body, Delivery};
use crate::queue::{Queue, WeakQueue};
use crate::tally::Tally;
use state::State;

/// How often the time is looked at, at most.
const TICK: Duration = Duration::from_millis(10);

/// The inbox of one client.
pub(crate) struct Inbox {
    bounds: InboxBounds,
    state: Mutex<State>,
    pub(crate) held: Tally,
    /// Tells whoever counts the time that there is something to count it for.
    pub(crate) filled: Notify,
}

pub(super) struct InboxBounds {
    count: usize,
    bytes: usize,
    in_flight: usize,
    handler_deadline: Duration,
    /// Nothing that arrives from now on can be due sooner than after this.
    shortest: Duration,
}

/// What came in on a connection.
pub(crate) struct Arrival {
    pub(crate) body: Arc<Body>,
    pub(crate) identity: Identity,
    pub(crate) bytes: usize,
    pub(crate) origin: Origin,
    /// Whether it is answered as soon as it is let in.
    pub(crate) on_receipt: bool,
}

/// What became of an arrival.
pub(crate) struct Admission {
    /// Whether it goes before everything else.
    pub(crate) bypasses: bool,
    /// To be handed over now.
    pub(crate) deliver: Option<Delivery>,
    /// To be answered now.
    pub(crate) answer: Option<Due>,
    pub(crate) refused: Option<Refusal>,
    pub(crate) is_duplicate: bool,
}

/// Who is to be answered at once, about what, and how.
pub(crate) type Due = (Arc<Body>, Origin, Settlement);

/// Why something was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) why: &'static str,
    /// Whether it opens an episode.
    pub(crate) first: bool,
}

/// What settling leaves to be done.
#[derive(Default)]
pub(crate) struct Settled {
    /// Who waits for the answer, if it was not given before.
    pub(crate) origin: Option<Origin>,
    /// The further pushes of the same thing.
    pub(crate) joined: Vec<Origin>,
    pub(crate) overdue: bool,
    /// Whose turn it is now, and where they go.
    pub(crate) next: Option<(Vec<Delivery>, Queue)>,
}

/// What the time that has passed leaves to be done.
pub(crate) struct Expired {
    /// To be answered in the application's place.
    pub(crate) overdue: Vec<(Arc<Body>, Origin)>,
    /// To be declined.
    pub(crate) declined: Vec<Arc<Body>>,
    /// When to look again; `None` where nothing is held.
    pub(crate) look_again: Option<Instant>,
}

/// What is held at the moment.
pub(crate) struct Held {
    pub(crate) waiting: usize,
    pub(crate) in_flight: usize,
    pub(crate) bytes: usize,
    pub(crate) remembered: (usize, usize),
}

impl Inbox {
    pub(crate) fn new(config: &Config) -> Self {
        let shortest = config.handler_deadline_ms.min(config.answer_within_event_ms).min(config.answer_within_card_ms);
        let dedupe = Bounds { count: config.dedupe_count, bytes: config.dedupe_bytes, time: config.dedupe_ms };
        Self {
            bounds: InboxBounds {
                count: config.inbox_count,
                bytes: config.inbox_bytes,
                in_flight: config.max_in_flight,
                handler_deadline: config.handler_deadline_ms,
                shortest: shortest.max(TICK),
            },
            state: Mutex::new(State::new(Dedupe::new(dedupe))),
            held: Tally::default(),
            filled: Notify::new(),
        }
    }

    /// Where deliveries go from now on whose turn comes when another one is settled.
    pub(crate) fn lead_to(&self, outlet: WeakQueue) {
        self.lock().outlet = Some(outlet);
    }

    /// Finds a place for each that came in, or says what else to do with it. All at once, so that who settles seldom waits.
    pub(crate) fn admit(&self, arrivals: &mut Vec<Arrival>, now: Instant, admissions: &mut Vec<Admission>) {
        let mut state = self.lock();
        let before = state.places.len();
        admissions.extend(arrivals.drain(..).map(|arrival| state.admit(&self.bounds, arrival, now)));
        self.held.add_many(state.places.len() - before);
        if !std::mem::replace(&mut state.watched, true) {
            self.filled.notify_one();
        }
    }

    /// Gives a place back and lets the next ones have their turn. Whoever settles says `held.done()` at the end.
    pub(crate) fn settle(&self, place: usize, settlement: &Settlement, now: Instant) -> Settled {
        let mut state = self.lock();
        let place = state.places.remove(place);
        state.bytes -= place.bytes;
        state.in_flight -= usize::from(place.handed_over);
        match (place.id, settlement) {
            (Some(id), Settlement::Ok(response)) => state.dedupe.remember(id, response.clone(), now),
            (Some(id), _) => state.dedupe.forget(id),
            (None, _) => {}
        }
        if let Some(next) = place.line.and_then(|line| state.lines.leave(line)) {
            state.ready.push_back(next);
        }
        let next = state.hand_over(self.bounds.in_flight);
        Settled { origin: place.origin, joined: place.joined, overdue: place.overdue, next }
    }

    /// What is to be done about the time that has passed.
    pub(crate) fn expire(&self, now: Instant) -> Expired {
        let mut state = self.lock();
        let (mut overdue, mut declined) = (Vec::new(), Vec::new());
        let mut look_again = now + self.bounds.shortest;
        for (_, place) in &mut state.places {
            let is_due = |origin: &mut Origin| match origin.answer_by {
                Some(by) if by > now => {
                    look_again = look_again.min(by);
                    false
                }
                by => by.is_some(),
            };
            let before = overdue.len();
            let mut is_due = is_due;
            overdue.extend(place.origin.take_if(&mut is_due).map(|origin| (Arc::clone(&place.body), origin)));
            overdue.extend(place.joined.extract_if(.., is_due).map(|origin| (Arc::clone(&place.body), origin)));
            place.overdue |= overdue.len() > before;
            match place.body.taken().map(|at| at + self.bounds.handler_deadline) {
                Some(by) if by <= now => declined.extend(place.body.expire().then(|| Arc::clone(&place.body))),
                Some(by) => look_again = look_again.min(by),
                None => {}
            }
        }
        state.watched = !state.places.is_empty();
        Expired { overdue, declined, look_again: state.watched.then_some(look_again) }
    }

    /// Takes out what waits for its turn.
    pub(crate) fn take_waiting(&self) -> Vec<Delivery> {
        let mut state = self.lock();
        let waiting = state.lines.clear_waiting();
        for place in waiting.iter().filter_map(Delivery::place) {
            state.places[place].line = None;
        }
        waiting.into_iter().chain(std::mem::take(&mut state.ready)).collect()
    }

    /// What is held now.
    pub(crate) fn look(&self) -> Held {
        let state = self.lock();
        Held {
            waiting: state.places.len() - state.in_flight,
            in_flight: state.in_flight,
            bytes: state.bytes,
            remembered: state.dedupe.size(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
