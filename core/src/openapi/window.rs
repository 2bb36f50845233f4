//! The calls of the last second, and what DingTalk said to them. Sans-IO: time comes in as milliseconds since 1970, so
//! that several processes can share what is counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// DingTalk counts what arrives, and what leaves a second apart may arrive a little closer.
const SECOND: u64 = 1050;
/// After a refusal the bound falls by a quarter, and comes back by one in so long without another.
const RECOVERY: u64 = 5000;

/// The windows of one application, by API. Those that say nothing any more are forgotten.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Windows(BTreeMap<String, Window>);

impl Windows {
    /// Takes a place in an API's second now, or says when to ask again.
    pub(crate) fn take(&mut self, api: &str, most: usize, now: u64) -> Result<(), u64> {
        self.0.retain(|_, window| {
            window.move_to(now);
            !window.is_empty()
        });
        self.0.entry(api.to_owned()).or_default().take(most, now)
    }

    /// DingTalk says that this was too much.
    pub(crate) fn refuse(&mut self, api: &str, most: usize, now: u64) {
        self.0.entry(api.to_owned()).or_default().refuse(most, now);
    }
}

/// The calls to one API.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Window {
    calls: Vec<u64>,
    /// By how much the bound had fallen at the last refusal, and when that was.
    lowered: usize,
    refused: u64,
}

impl Window {
    fn take(&mut self, most: usize, now: u64) -> Result<(), u64> {
        self.move_to(now);
        if self.lowered > 0 && now < self.refused + SECOND {
            return Err(self.refused + SECOND);
        }
        let bound = self.bound(most, now);
        match self.calls.len().checked_sub(bound).and_then(|over| self.calls.get(over)) {
            Some(oldest) => Err(oldest + SECOND),
            None => {
                self.calls.push(now);
                Ok(())
            }
        }
    }

    fn refuse(&mut self, most: usize, now: u64) {
        self.move_to(now);
        // Calls that were under way together are refused together.
        if self.lowered == 0 || now >= self.refused + SECOND {
            let bound = self.bound(most, now);
            self.lowered = most - (bound - bound / 4).min(most);
        }
        self.refused = now;
    }

    /// Forgets what is over. A clock that was set back must not keep what it had counted for hours.
    fn move_to(&mut self, now: u64) {
        self.calls.retain(|at| now.saturating_sub(*at) < SECOND && *at <= now + SECOND);
        if self.recovered(now) >= self.lowered || self.refused > now + SECOND {
            self.lowered = 0;
        }
    }

    fn recovered(&self, now: u64) -> usize {
        usize::try_from(now.saturating_sub(self.refused) / RECOVERY).unwrap_or(usize::MAX)
    }

    fn bound(&self, most: usize, now: u64) -> usize {
        most.saturating_sub(self.lowered.saturating_sub(self.recovered(now))).max(1)
    }

    fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.lowered == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of thirty calls pass at this moment.
    fn passed(window: &mut Window, now: u64) -> usize {
        (0..30).filter(|_| window.take(20, now).is_ok()).count()
    }

    #[test]
    fn there_are_never_more_than_the_bound_in_any_second() {
        let (mut window, mut at) = (Window::default(), Vec::new());
        for now in (0..10_000).step_by(7) {
            if window.take(20, now).is_ok() {
                at.push(now);
            }
        }
        assert!(at.windows(21).all(|second| second[20] - second[0] > 1000));
        assert_eq!(at.len(), 200);
    }

    #[test]
    fn who_waits_is_told_until_when() {
        let mut window = Window::default();
        (0..20).for_each(|at| assert_eq!(window.take(20, 5000 + at), Ok(())));
        assert_eq!(window.take(20, 5500), Err(5000 + SECOND));
        assert_eq!(window.take(20, 5000 + SECOND), Ok(()));
    }

    #[test]
    fn a_refusal_stops_for_a_second_and_lowers_the_bound_for_a_while() {
        let mut window = Window::default();
        window.refuse(20, 9000);
        assert_eq!(window.take(20, 9000), Err(9000 + SECOND));
        assert_eq!(passed(&mut window, 9000 + SECOND), 15);
        assert_eq!(passed(&mut window, 9000 + 2 * RECOVERY), 17, "it comes back by one and one");
        assert_eq!(passed(&mut window, 9000 + 5 * RECOVERY), 20);
    }

    #[test]
    fn however_often_it_is_refused_one_call_a_second_stays() {
        let mut window = Window::default();
        (1..100).for_each(|second| window.refuse(2, second * SECOND));
        assert_eq!(window.take(2, 100 * SECOND), Ok(()));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_everything() {
        let mut window = Window::default();
        assert_eq!(passed(&mut window, 10_000_000), 20);
        window.refuse(20, 10_000_000);
        assert_eq!(passed(&mut window, 1000), 20);
    }

    #[test]
    fn apis_that_are_no_longer_called_are_forgotten() {
        let mut windows = Windows::default();
        (0..100).for_each(|user| assert_eq!(windows.take(&format!("GET /users/{user}"), 20, 1000), Ok(())));
        assert_eq!(windows.take("GET /users", 20, 1000 + SECOND), Ok(()));
        assert_eq!(windows.0.len(), 1);
    }
}
