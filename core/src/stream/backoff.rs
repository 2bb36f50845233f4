//! How long to wait before the next try to connect. Sans-IO: time and chance are given.

use std::time::Duration;

use tokio::time::Instant;

const BASE: Duration = Duration::from_millis(500);
const STABLE: Duration = Duration::from_secs(60);
/// Immediate retries are a budget, so that no server can turn them into a storm.
const IMMEDIATE_A_MINUTE: usize = 10;

/// Full jitter: a random pause below a bound that doubles. The first retry after a drop is immediate.
pub(crate) struct Backoff {
    cap: Duration,
    attempts: u32,
    opened: Option<Instant>,
    immediate: Vec<Instant>,
}

impl Backoff {
    pub(crate) fn new(cap: Duration) -> Self {
        Self { cap: cap.max(BASE), attempts: 0, opened: None, immediate: Vec::new() }
    }

    /// A connection is open.
    pub(crate) fn opened(&mut self, now: Instant) {
        self.opened = Some(now);
    }

    /// The connection is gone or asked to be replaced: how long to wait.
    pub(crate) fn lost(&mut self, now: Instant, chance: f64) -> Duration {
        // Being open for a moment proves nothing: only a stable minute forgives.
        if self.opened.take().is_some_and(|opened| now.duration_since(opened) >= STABLE) {
            self.attempts = 0;
        }
        self.immediate.retain(|at| now.duration_since(*at) < Duration::from_secs(60));
        if self.immediate.len() < IMMEDIATE_A_MINUTE {
            self.immediate.push(now);
            return Duration::ZERO;
        }
        self.failed(chance)
    }

    /// A try to open failed: how long to wait.
    pub(crate) fn failed(&mut self, chance: f64) -> Duration {
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

#[cfg(test)]
mod tests {
    use super::*;

    const CAP: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_the_cap() {
        let mut backoff = Backoff::new(CAP);
        let pauses: Vec<_> = (0..9).map(|_| backoff.failed(1.0).as_secs_f64()).collect();
        assert_eq!(pauses, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]);
        assert_eq!(backoff.failed(0.0), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_retries_after_a_drop_are_immediate_within_a_budget() {
        let mut backoff = Backoff::new(CAP);
        for _ in 0..IMMEDIATE_A_MINUTE {
            backoff.opened(Instant::now());
            assert_eq!(backoff.lost(Instant::now(), 1.0), Duration::ZERO);
        }
        backoff.opened(Instant::now());
        assert_eq!(backoff.lost(Instant::now(), 1.0), BASE);
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(backoff.lost(Instant::now(), 1.0), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_stable_minute_forgives() {
        let mut backoff = Backoff::new(CAP);
        backoff.failed(1.0);
        backoff.opened(Instant::now());
        tokio::time::advance(Duration::from_secs(59)).await;
        backoff.lost(Instant::now(), 1.0);
        assert_eq!(backoff.attempts(), 1);
        backoff.opened(Instant::now());
        tokio::time::advance(STABLE).await;
        backoff.lost(Instant::now(), 1.0);
        assert_eq!(backoff.attempts(), 0);
    }
}
