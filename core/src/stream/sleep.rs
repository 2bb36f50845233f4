//! Whether the machine has slept: while it does, the wall clock goes on and the monotonic one, which timers follow,
//! stands still.

use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// How often the clocks are compared, once for all clients of a process.
const EVERY: Duration = Duration::from_secs(5);
/// What the wall clock may be ahead by in that time: a network time service moves it by less.
const AHEAD: Duration = Duration::from_secs(20);

/// Both clocks, as they were read last.
struct Clocks {
    wall: SystemTime,
    monotonic: Instant,
}

impl Clocks {
    /// Whether the wall clock has run ahead since the last look.
    fn have_parted(&mut self, wall: SystemTime, monotonic: Instant) -> bool {
        let lasted = monotonic.duration_since(self.monotonic);
        // A wall clock that was set back says nothing.
        let ahead = wall.duration_since(self.wall).unwrap_or_default().saturating_sub(lasted);
        *self = Self { wall, monotonic };
        ahead >= AHEAD
    }
}

/// Counts the times that the machine has slept.
pub(crate) struct Sleeps(watch::Receiver<u64>);

impl Sleeps {
    /// Counts on this runtime, for ever.
    pub(crate) fn watch(runtime: &Handle) -> Self {
        let (slept, seen) = watch::channel(0);
        runtime.spawn(async move {
            let mut clocks = Clocks { wall: SystemTime::now(), monotonic: Instant::now() };
            loop {
                sleep(EVERY).await;
                if clocks.have_parted(SystemTime::now(), Instant::now()) {
                    slept.send_modify(|times| *times += 1);
                }
            }
        });
        Self(seen)
    }

    /// Hears of the sleeps from now on.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        let mut seen = self.0.clone();
        seen.mark_unchanged();
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_slept_is_noticed_once() {
        let wall = SystemTime::UNIX_EPOCH;
        let mut clocks = Clocks { wall, monotonic: Instant::now() };
        tokio::time::advance(EVERY).await;
        assert!(!clocks.have_parted(wall + EVERY, Instant::now()));
        tokio::time::advance(EVERY).await;
        let woken = wall + Duration::from_secs(8 * 3600);
        assert!(clocks.have_parted(woken, Instant::now()));
        tokio::time::advance(EVERY).await;
        assert!(!clocks.have_parted(woken + EVERY, Instant::now()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_right_is_no_sleep() {
        let wall = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000);
        let mut clocks = Clocks { wall, monotonic: Instant::now() };
        assert!(!clocks.have_parted(wall + Duration::from_secs(2), Instant::now()));
        assert!(!clocks.have_parted(wall - Duration::from_secs(5000), Instant::now()));
    }
}
