//! The bound on what a client holds: what waits for the application and what is out unsettled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::kind::Kind;
use crate::tally::Tally;

/// Bounded by count and by bytes. Events are refused at three quarters: they come again, messages don't.
pub(crate) struct Inbox {
    max_count: usize,
    max_bytes: usize,
    bytes: AtomicUsize,
    pub(crate) held: Tally,
    /// Whether something was refused since half of it was free, so that an episode is told once.
    refusing: AtomicBool,
}

/// A place in the inbox, given back once.
pub(crate) struct Slot {
    inbox: Arc<Inbox>,
    bytes: usize,
    free: AtomicBool,
}

/// What the inbox said to an arrival.
pub(crate) enum Admission {
    Admitted(Slot),
    Refused { first: bool },
}

impl Inbox {
    pub(crate) fn new(max_count: usize, max_bytes: usize) -> Arc<Self> {
        Arc::new(Self {
            max_count,
            max_bytes,
            bytes: AtomicUsize::new(0),
            held: Tally::default(),
            refusing: AtomicBool::new(false),
        })
    }

    pub(crate) fn admit(self: &Arc<Self>, kind: Kind, bytes: usize) -> Admission {
        let share = |bound: usize| {
            if kind == Kind::Event { bound / 4 * 3 + bound % 4 * 3 / 4 } else { bound }
        };
        let (count, held) = (self.held.count(), self.bytes.load(Ordering::Relaxed));
        // An empty inbox takes anything, or one delivery above the bound could never arrive.
        let room = count == 0 || (count < share(self.max_count) && held.saturating_add(bytes) <= share(self.max_bytes));
        if !room {
            return Admission::Refused { first: !self.refusing.swap(true, Ordering::Relaxed) };
        }
        if count <= self.max_count / 2 && held <= self.max_bytes / 2 {
            self.refusing.store(false, Ordering::Relaxed);
        }
        self.held.add();
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Admission::Admitted(Slot { inbox: Arc::clone(self), bytes, free: AtomicBool::new(false) })
    }
}

impl Slot {
    /// Gives the place back, before the delivery itself is freed.
    pub(crate) fn release(&self) {
        if !self.free.swap(true, Ordering::AcqRel) {
            self.inbox.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
            self.inbox.held.done();
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admit(inbox: &Arc<Inbox>, kind: Kind, bytes: usize) -> Option<Slot> {
        match inbox.admit(kind, bytes) {
            Admission::Admitted(slot) => Some(slot),
            Admission::Refused { .. } => None,
        }
    }

    #[test]
    fn events_are_refused_at_three_quarters() {
        let inbox = Inbox::new(4, 1000);
        let held: Vec<_> = (0..3).filter_map(|_| admit(&inbox, Kind::Event, 1)).collect();
        assert_eq!(held.len(), 3);
        assert!(admit(&inbox, Kind::Event, 1).is_none());
        let message = admit(&inbox, Kind::Message, 1).expect("a message still fits");
        assert!(admit(&inbox, Kind::Message, 1).is_none());
        message.release();
        assert!(admit(&inbox, Kind::Message, 1).is_some());
    }

    #[test]
    fn bytes_are_bounded_too() {
        let inbox = Inbox::new(100, 10);
        let slot = admit(&inbox, Kind::Message, 8).expect("fits");
        assert!(admit(&inbox, Kind::Message, 3).is_none());
        drop(slot);
        assert!(admit(&inbox, Kind::Message, 11).is_some(), "an empty inbox takes anything");
    }

    #[test]
    fn an_episode_of_refusals_is_told_once() {
        let inbox = Inbox::new(1, 100);
        let slot = admit(&inbox, Kind::Message, 1).expect("fits");
        assert!(matches!(inbox.admit(Kind::Message, 1), Admission::Refused { first: true }));
        assert!(matches!(inbox.admit(Kind::Message, 1), Admission::Refused { first: false }));
        drop(slot);
        drop(admit(&inbox, Kind::Message, 1).expect("fits"));
        let _slot = admit(&inbox, Kind::Message, 1).expect("fits");
        assert!(matches!(inbox.admit(Kind::Message, 1), Admission::Refused { first: true }));
    }

    #[test]
    fn an_inbox_that_stays_full_is_one_episode() {
        let inbox = Inbox::new(8, 1000);
        let mut held: Vec<_> = (0..6).filter_map(|_| admit(&inbox, Kind::Message, 1)).collect();
        assert!(matches!(inbox.admit(Kind::Event, 1), Admission::Refused { first: true }));
        held.extend(admit(&inbox, Kind::Message, 1));
        assert!(matches!(inbox.admit(Kind::Event, 1), Admission::Refused { first: false }));
        held.truncate(5);
        held.extend(admit(&inbox, Kind::Event, 1));
        assert!(matches!(inbox.admit(Kind::Event, 1), Admission::Refused { first: false }));
    }

    #[test]
    fn a_place_is_given_back_once() {
        let inbox = Inbox::new(2, 100);
        let slot = admit(&inbox, Kind::Message, 5).expect("fits");
        slot.release();
        drop(slot);
        assert_eq!(inbox.held.count(), 0);
    }
}
