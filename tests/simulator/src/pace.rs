//! So many in so long: the one form that all of DingTalk's limits have.

use std::collections::VecDeque;

/// When each of those passed that a limit still remembers, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Pace(VecDeque<u64>);

impl Pace {
    /// Lets one more pass unless `limit` passed within the `span` that ends now. What is held back doesn't count.
    pub(crate) fn admit(&mut self, now: u64, span: u64, limit: usize) -> bool {
        while self.0.front().is_some_and(|at| at.saturating_add(span) <= now) {
            self.0.pop_front();
        }
        let room = self.0.len() < limit;
        if room {
            self.0.push_back(now);
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_span_holds_so_many_and_no_more() {
        let mut pace = Pace::default();
        let passed: Vec<_> = [0, 400, 900, 999, 1_000, 1_001, 1_400].map(|now| pace.admit(now, 1_000, 2)).into();
        assert_eq!(passed, [true, true, false, false, true, false, true]);
    }
}
