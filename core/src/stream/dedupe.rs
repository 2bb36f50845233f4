//! Deliveries that come again. What is under way is joined, what was settled ok is only answered, and everything else
//! is forgotten, so that the redelivery runs.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;
use std::mem::size_of;
use std::time::Duration;

use nohash_hasher::IntMap;
use tokio::time::Instant;

use super::identity::Id;

/// What is known about a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Nothing.
    New,
    /// It is under way, in this place of the inbox.
    UnderWay(usize),
    /// It was settled ok, with this response.
    Done(Option<Box<str>>),
}

/// How much is remembered of what was settled ok. What is under way does not count: the inbox bounds it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) count: usize,
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

/// The memory of one client.
pub(crate) struct Dedupe {
    bounds: Bounds,
    known: IntMap<Id, Known>,
    /// What was settled ok, oldest first.
    done: VecDeque<(Instant, Id)>,
    bytes: usize,
}

enum Known {
    UnderWay(usize),
    Done(Option<Box<str>>),
}

impl Dedupe {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, known: IntMap::default(), done: VecDeque::new(), bytes: 0 }
    }

    /// What is known about `id` now.
    pub(crate) fn look(&mut self, id: Id, now: Instant) -> Seen {
        self.forget_old(now);
        match self.known.get(&id) {
            None => Seen::New,
            Some(Known::UnderWay(place)) => Seen::UnderWay(*place),
            Some(Known::Done(response)) => Seen::Done(response.clone()),
        }
    }

    /// It is under way.
    pub(crate) fn begin(&mut self, id: Id, place: usize) {
        self.known.insert(id, Known::UnderWay(place));
    }

    /// It was settled ok.
    pub(crate) fn remember(&mut self, id: Id, response: Option<Box<str>>, now: Instant) {
        self.forget_old(now);
        self.bytes += cost(response.as_deref());
        if let Some(Known::Done(before)) = self.known.insert(id, Known::Done(response)) {
            self.bytes -= cost(before.as_deref());
        } else {
            self.done.push_back((now, id));
        }
        while self.done.len() > self.bounds.count || self.bytes > self.bounds.bytes {
            self.forget_oldest();
        }
    }

    /// It came to nothing.
    pub(crate) fn forget(&mut self, id: Id) {
        if let Entry::Occupied(known) = self.known.entry(id)
            && matches!(known.get(), Known::UnderWay(_))
        {
            known.remove();
        }
    }

    /// How many settled deliveries are remembered, and how many bytes that takes.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.done.len(), self.bytes)
    }

    fn forget_old(&mut self, now: Instant) {
        while self.done.front().is_some_and(|(at, _)| now.duration_since(*at) >= self.bounds.time) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, id)) = self.done.pop_front()
            && let Some(Known::Done(response)) = self.known.remove(&id)
        {
            self.bytes -= cost(response.as_deref());
        }
    }
}

/// What remembering takes: the entry in both tables, and the response.
fn cost(response: Option<&str>) -> usize {
    size_of::<(Id, Known)>() + size_of::<(Instant, Id)>() + response.map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { count: 3, bytes: 1 << 20, time: Duration::from_secs(600) };

    fn done(dedupe: &mut Dedupe, id: u128) -> bool {
        matches!(dedupe.look(Id(id), Instant::now()), Seen::Done(_))
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_is_joined_and_what_was_ok_is_answered_alike() {
        let mut dedupe = Dedupe::new(BOUNDS);
        assert_eq!(dedupe.look(Id(7), Instant::now()), Seen::New);
        dedupe.begin(Id(7), 42);
        assert_eq!(dedupe.look(Id(7), Instant::now()), Seen::UnderWay(42));
        dedupe.remember(Id(7), Some("{}".into()), Instant::now());
        assert_eq!(dedupe.look(Id(7), Instant::now()), Seen::Done(Some("{}".into())));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_ok_runs_again() {
        let mut dedupe = Dedupe::new(BOUNDS);
        dedupe.begin(Id(7), 42);
        dedupe.forget(Id(7));
        assert_eq!(dedupe.look(Id(7), Instant::now()), Seen::New);
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_is_forgotten_first_and_never_what_is_under_way() {
        let mut dedupe = Dedupe::new(BOUNDS);
        dedupe.begin(Id(100), 0);
        for id in 0..5 {
            dedupe.begin(Id(id), 1);
            dedupe.remember(Id(id), None, Instant::now());
        }
        assert_eq!(dedupe.look(Id(100), Instant::now()), Seen::UnderWay(0));
        let remembered: Vec<_> = (0..5).filter(|id| done(&mut dedupe, *id)).collect();
        assert_eq!((remembered, dedupe.size().0), (vec![2, 3, 4], 3));
    }

    #[tokio::test(start_paused = true)]
    async fn responses_count_by_their_bytes() {
        let mut dedupe = Dedupe::new(Bounds { count: 1000, bytes: 10_000, ..BOUNDS });
        for id in 0..20 {
            dedupe.remember(Id(id), Some("x".repeat(1000).into()), Instant::now());
        }
        let (count, bytes) = dedupe.size();
        assert!(count < 10 && bytes <= 10_000, "{count} take {bytes}");
        dedupe.remember(Id(99), Some("x".repeat(20_000).into()), Instant::now());
        assert_eq!(dedupe.size(), (0, 0), "what is too large alone is not kept");
    }

    #[tokio::test(start_paused = true)]
    async fn time_makes_forget() {
        let mut dedupe = Dedupe::new(BOUNDS);
        dedupe.remember(Id(7), None, Instant::now());
        tokio::time::advance(BOUNDS.time).await;
        assert_eq!(dedupe.look(Id(7), Instant::now()), Seen::New);
        assert_eq!(dedupe.size(), (0, 0));
        assert!(dedupe.known.is_empty());
    }
}
