//! When the text of a card is sent next: soon at first, then ever later, so that the calls last.

use std::time::Duration;

use tokio::time::Instant;

/// The first pause. Most texts have begun by then, and none is finished.
const FIRST: Duration = Duration::from_millis(700);
/// The pauses of a session with n calls to spend grow by a factor of 1 + GROWTH / n: nine of them last 25 s, a hundred
/// four minutes.
const GROWTH: f64 = 3.0;
/// How much longer a pause is after DingTalk said that there were too many calls, and its bound.
const SLOWER: u32 = 2;
const LONGEST: Duration = Duration::from_secs(20);

/// The pace of one session.
pub(super) struct Pace {
    left: usize,
    growth: f64,
    pause: Duration,
    next: Instant,
}

impl Pace {
    /// A pace with so many calls to spend on what passes.
    pub(super) fn new(calls: usize, now: Instant) -> Self {
        Self { left: calls, growth: 1.0 + GROWTH / calls.max(1) as f64, pause: FIRST, next: now + FIRST }
    }

    /// When the next call is due; `None` where no more are to be made.
    pub(super) fn due(&self) -> Option<Instant> {
        (self.left > 0).then_some(self.next)
    }

    /// A call was made, and it ended now.
    pub(super) fn called(&mut self, now: Instant) {
        self.left -= self.left.min(1);
        self.pause = self.pause.mul_f64(self.growth).min(LONGEST);
        self.next = now + self.pause;
    }

    /// There were too many.
    pub(super) fn slow_down(&mut self) {
        self.next += self.pause * (SLOWER - 1);
        self.pause = (self.pause * SLOWER).min(LONGEST);
    }

    /// A further card takes so many calls out of what is left.
    pub(super) fn spend(&mut self, calls: usize) {
        self.left = self.left.saturating_sub(calls);
    }

    /// Nothing that passes is worth a call any more.
    pub(super) fn give_up(&mut self) {
        self.left = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spent(calls: usize) -> (usize, Duration) {
        let begun = Instant::now();
        let (mut pace, mut made, mut now) = (Pace::new(calls, begun), 0, begun);
        while let Some(due) = pace.due() {
            now = due;
            pace.called(now);
            made += 1;
        }
        (made, now - begun)
    }

    #[tokio::test(start_paused = true)]
    async fn the_calls_last_longer_than_most_texts() {
        let (made, lasted) = spent(9);
        assert_eq!(made, 9);
        assert!((18..40).contains(&lasted.as_secs()), "{lasted:?}");
        assert!(spent(100).1 > Duration::from_secs(200));
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_calls_make_the_next_ones_rarer() {
        let mut pace = Pace::new(9, Instant::now());
        let before = pace.due().expect("due");
        pace.slow_down();
        assert!(pace.due().expect("due") >= before + FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn no_call_is_made_where_there_is_none_left() {
        assert!(Pace::new(0, Instant::now()).due().is_none());
        let mut pace = Pace::new(3, Instant::now());
        pace.spend(7);
        assert!(pace.due().is_none());
    }
}
