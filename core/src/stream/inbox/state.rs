//! What stands behind the inbox's lock.

use std::collections::VecDeque;
use std::sync::Arc;

use slab::Slab;
use tokio::time::Instant;

use super::{Admission, Arrival, Due, InboxBounds, Refusal};
use crate::delivery::{Body, Delivery};
use crate::kind::Kind;
use crate::queue::{Queue, WeakQueue};
use crate::stream::answer::Settlement;
use crate::stream::dedupe::{Dedupe, Seen};
use crate::stream::identity::Id;
use crate::stream::lines::Lines;
use crate::stream::origin::Origin;

/// How many pushes of the same thing wait for one answer; a server that pushes it more often is not listening.
const MAX_JOINED: usize = 64;
/// How much of the inbox one line may hold.
const LINE_SHARE: usize = 8;

pub(super) struct State {
    pub(super) places: Slab<Place>,
    pub(super) bytes: usize,
    pub(super) in_flight: usize,
    pub(super) lines: Lines<Delivery>,
    /// Whose turn it is, but `in_flight` is reached.
    pub(super) ready: VecDeque<Delivery>,
    pub(super) dedupe: Dedupe,
    pub(super) outlet: Option<WeakQueue>,
    /// Whether something was refused since half of it was free, so that an episode is told once.
    pub(super) refusing: bool,
    pub(super) watched: bool,
}

/// One delivery that is not settled.
pub(super) struct Place {
    pub(super) body: Arc<Body>,
    pub(super) id: Option<Id>,
    pub(super) line: Option<u64>,
    pub(super) bytes: usize,
    pub(super) origin: Option<Origin>,
    /// Further pushes of the same thing.
    pub(super) joined: Vec<Origin>,
    pub(super) handed_over: bool,
    /// Whether the library has answered in the application's place.
    pub(super) overdue: bool,
}

impl State {
    pub(super) fn new(dedupe: Dedupe) -> Self {
        Self {
            places: Slab::new(),
            bytes: 0,
            in_flight: 0,
            lines: Lines::new(),
            ready: VecDeque::new(),
            dedupe,
            outlet: None,
            refusing: false,
            watched: false,
        }
    }

    /// Finds a place for what came in, or says what else to do with it.
    pub(super) fn admit(&mut self, bounds: &InboxBounds, arrival: Arrival, now: Instant) -> Admission {
        let mut admission = Admission {
            bypasses: arrival.identity.bypasses,
            deliver: None,
            answer: None,
            refused: None,
            is_duplicate: false,
        };
        match arrival.identity.id.map_or(Seen::New, |id| self.dedupe.look(id, now)) {
            Seen::New => {}
            Seen::Done(response) => {
                admission.is_duplicate = true;
                admission.answer = Some((arrival.body, arrival.origin, Settlement::Ok(response)));
                return admission;
            }
            Seen::UnderWay(place) => {
                admission.is_duplicate = true;
                admission.answer = self.join(place, arrival);
                return admission;
            }
        }
        if let Some(why) = self.why_refused(bounds, &arrival) {
            admission.refused = Some(Refusal { why, first: !std::mem::replace(&mut self.refusing, true) });
            admission.answer = Some((arrival.body, arrival.origin, Settlement::Refused));
            return admission;
        }
        if self.places.len() <= bounds.count / 2 && self.bytes <= bounds.bytes / 2 {
            self.refusing = false;
        }
        (admission.deliver, admission.answer) = self.take_in(bounds, arrival);
        admission
    }

    /// The same thing again, while the first one is under way: they share one answer.
    fn join(&mut self, place: usize, arrival: Arrival) -> Option<Due> {
        let joined = &mut self.places[place].joined;
        if arrival.on_receipt {
            return Some((arrival.body, arrival.origin, Settlement::Ok(None)));
        }
        if joined.len() == MAX_JOINED {
            return Some((arrival.body, arrival.origin, Settlement::Refused));
        }
        joined.push(arrival.origin.under(arrival.body.id()));
        None
    }

    /// Events are refused at three quarters: they come again, messages don't.
    fn why_refused(&self, bounds: &InboxBounds, arrival: &Arrival) -> Option<&'static str> {
        let is_event = arrival.body.kind() == Kind::Event;
        let share = |bound: usize| if is_event { bound / 4 * 3 + bound % 4 * 3 / 4 } else { bound };
        let (count, bytes) = (self.places.len(), self.bytes.saturating_add(arrival.bytes));
        // An empty inbox takes anything, or one delivery above the bound could never arrive.
        if count > 0 && (count >= share(bounds.count) || bytes > share(bounds.bytes)) {
            return Some("the inbox is full");
        }
        let line = arrival.identity.line.map_or(0, |line| self.lines.len(line));
        (line >= (bounds.count / LINE_SHARE).max(1)).then_some("one line holds an eighth of the inbox")
    }

    /// What is to be handed over now, and what answered.
    fn take_in(&mut self, bounds: &InboxBounds, arrival: Arrival) -> (Option<Delivery>, Option<Due>) {
        let Arrival { body, identity, bytes, origin, on_receipt } = arrival;
        let entry = self.places.vacant_entry();
        let place = entry.key();
        body.put(place);
        let (origin, answer) = if on_receipt {
            (None, Some((Arc::clone(&body), origin, Settlement::Ok(None))))
        } else {
            (Some(origin), None)
        };
        entry.insert(Place {
            body: Arc::clone(&body),
            id: identity.id,
            line: identity.line,
            bytes,
            origin,
            joined: Vec::new(),
            handed_over: false,
            overdue: false,
        });
        self.bytes += bytes;
        if let Some(id) = identity.id {
            self.dedupe.begin(id, place);
        }
        let delivery = Delivery::from(body);
        let in_turn = match identity.line {
            Some(line) => self.lines.enter(line, delivery),
            None => Some(delivery),
        };
        let deliver = match in_turn {
            Some(delivery) if identity.bypasses || self.in_flight < bounds.in_flight => {
                self.places[place].handed_over = true;
                self.in_flight += 1;
                Some(delivery)
            }
            in_turn => {
                self.ready.extend(in_turn);
                None
            }
        };
        (deliver, answer)
    }

    pub(super) fn hand_over(&mut self, in_flight: usize) -> Option<(Vec<Delivery>, Queue)> {
        let count = in_flight.saturating_sub(self.in_flight).min(self.ready.len());
        if count == 0 {
            return None;
        }
        let queue = self.outlet.as_ref()?.upgrade()?;
        let next: Vec<_> = self.ready.drain(..count).collect();
        for place in next.iter().filter_map(Delivery::place) {
            self.places[place].handed_over = true;
        }
        self.in_flight += count;
        Some((next, queue))
    }
}
