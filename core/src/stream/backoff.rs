//! How long to wait before the next try to connect. Sans-IO: time and chance are given.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const BASE: Duration = Duration::from_millis(500);
const STABLE: Duration = Duration::from_secs(60);
const MINUTE: Duration = Duration::from_secs(60);

/// Full jitter: a random pause below a bound that doubles.
pub(crate) struct Backoff {
    cap: Duration,
    attempts: u32,
}

impl Backoff {
    pub(crate) fn new(cap: Duration) -> Self {
        Self { cap, attempts: 0 }
    }

    /// A connection that was open for so long is gone. Being open for a moment proves nothing: only a stable minute
    /// forgives what failed before.
    pub(crate) fn lost(&mut self, lived: Duration) {
        if lived >= STABLE {
            self.attempts = 0;
        }
    }

    /// How long to wait before the next try.
    pub(crate) fn pause(&mut self, chance: f64) -> Duration {
        let bound = BASE.saturating_mul(1 << self.attempts.min(16)).min(self.cap);
        self.attempts = self.attempts.saturating_add(1);
        bound.mul_f64(chance)
    }

    /// The endpoint refused for good, after it had accepted before: come back, but slowly.
    pub(crate) fn refused(&mut self, chance: f64) -> Duration {
        self.attempts = self.attempts.saturating_add(1);
        self.cap.mul_f64(0.5 + chance / 2.0)
    }

    /// How many tries failed since the last stable minute.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// The first try after a drop is immediate, but that is a budget, so that no server can turn it into a storm.
pub(crate) struct Budget {
    a_minute: usize,
    spent: VecDeque<Instant>,
}

impl Budget {
    pub(crate) fn new(a_minute: usize) -> Self {
        Self { a_minute, spent: VecDeque::new() }
    }

    /// Whether a connection may be opened at once.
    pub(crate) fn spend(&mut self, now: Instant) -> bool {
        while self.spent.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            self.spent.pop_front();
        }
        let allowed = self.spent.len() < self.a_minute;
        if allowed {
            self.spent.push_back(now);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(60);

    #[test]
    fn pauses_double_up_to_the_cap() {
        let mut backoff = Backoff::new(CAP);
        let pauses: Vec<_> = (0..9).map(|_| backoff.pause(1.0).as_secs_f64()).collect();
        assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(backoff.pause(0.0), Duration::ZERO);
    }

    #[test]
    fn a_lower_cap_holds_from_the_first_pause_on() {
        let mut backoff = Backoff::new(Duration::from_millis(20));
        assert_eq!(backoff.pause(1.0), Duration::from_millis(20));
    }

    #[test]
    fn only_a_stable_minute_forgives() {
        let mut backoff = Backoff::new(CAP);
        backoff.pause(1.0);
        backoff.lost(Duration::from_secs(59));
        assert_eq!(backoff.attempts(), 1);
        backoff.lost(STABLE);
        assert_eq!(backoff.attempts(), 0);
    }

    #[test]
    fn a_refusal_after_a_success_is_tried_again_slowly() {
        let mut backoff = Backoff::new(CAP);
        assert_eq!((backoff.refused(0.0), backoff.refused(1.0)), (CAP / 2, CAP));
    }

    #[tokio::test(start_paused = true)]
    async fn immediate_opens_are_a_budget_of_so_many_a_minute() {
        let mut budget = Budget::new(3);
        let spent = (0..5).filter(|_| budget.spend(Instant::now())).count();
        assert_eq!(spent, 3);
        tokio::time::advance(MINUTE).await;
        assert!(budget.spend(Instant::now()));
    }
}
