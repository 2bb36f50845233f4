//! The platform's clock: real time plus whatever a test has moved it by.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::sleep;

#[derive(Debug)]
pub(crate) struct Clock {
    ahead: watch::Sender<u64>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { ahead: watch::Sender::new(0) }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(real.as_millis()).unwrap_or(u64::MAX).saturating_add(*self.ahead.borrow())
    }

    pub(crate) fn advance(&self, ms: u64) {
        self.ahead.send_modify(|ahead| *ahead = ahead.saturating_add(ms));
    }

    pub(crate) fn reset(&self) {
        self.ahead.send_replace(0);
    }

    pub(crate) async fn sleep_until(&self, moment: u64) {
        let mut moved = self.ahead.subscribe();
        loop {
            let left = moment.saturating_sub(self.now());
            if left == 0 {
                return;
            }
            tokio::select! {
                () = sleep(Duration::from_millis(left)) => {}
                _ = moved.changed() => {}
            }
        }
    }
}
