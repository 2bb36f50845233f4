//! A custom robot's limit: twenty messages in any minute, and ten minutes of nothing for whoever sends more (document
//! 0717). Sans-IO: time comes in as milliseconds since 1970, so that several processes can share what is counted.

use serde::{Deserialize, Serialize};

/// DingTalk counts what arrives, and what leaves a minute apart may arrive by so much closer: too much costs ten minutes.
pub(super) const MARGIN: u64 = 1000;
const MINUTE: u64 = 60_000 + MARGIN;
const A_MINUTE: usize = 20;
/// How long DingTalk takes nothing from a robot that was too fast.
const PENALTY: u64 = 600_000;

/// What is known of one robot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Limit {
    sent: Vec<u64>,
    penalty_until: u64,
}

/// Whether a message may go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Now,
    /// Not before this time.
    At(u64),
    /// DingTalk takes nothing before this time.
    Penalty(u64),
}

impl Limit {
    /// Takes a place in the minute, where there is one.
    pub(crate) fn take(&mut self, now: u64) -> Turn {
        if now < self.penalty_until {
            return Turn::Penalty(self.penalty_until);
        }
        // A clock that was set back must not keep what it had counted for hours.
        self.sent.retain(|at| now.saturating_sub(*at) < MINUTE && *at <= now + MINUTE);
        if self.sent.len() < A_MINUTE {
            self.sent.push(now);
            return Turn::Now;
        }
        Turn::At(self.sent.iter().min().map_or(now, |oldest| oldest + MINUTE))
    }

    /// What went out then was under way until now, so it may have arrived now.
    pub(crate) fn arrived(&mut self, went_out: u64, now: u64) {
        if let Some(at) = self.sent.iter_mut().filter(|at| **at <= went_out).max() {
            *at = now;
        }
    }

    /// DingTalk said that it was too much, whoever else sent.
    pub(crate) fn punish(&mut self, now: u64) {
        self.penalty_until = now + PENALTY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_more_than_twenty_in_any_minute() {
        let (mut limit, mut sent) = (Limit::default(), Vec::new());
        for now in (0..300_000).step_by(500) {
            if limit.take(now) == Turn::Now {
                sent.push(now);
            }
        }
        assert!(sent.windows(21).all(|window| window[20] - window[0] >= MINUTE));
        assert_eq!(sent.len(), 100);
    }

    #[test]
    fn who_waits_is_told_until_when() {
        let mut limit = Limit::default();
        (0..20).for_each(|at| assert_eq!(limit.take(1000 + at), Turn::Now));
        assert_eq!(limit.take(2000), Turn::At(1000 + MINUTE));
        assert_eq!(limit.take(1000 + MINUTE), Turn::Now);
    }

    #[test]
    fn what_was_long_under_way_is_counted_from_its_end() {
        let mut limit = Limit::default();
        (0..20).for_each(|at| assert_eq!(limit.take(1000 + at), Turn::Now));
        limit.arrived(1000, 31_000);
        assert_eq!(limit.take(1000 + MINUTE), Turn::At(1001 + MINUTE));
        (1..20).for_each(|at| assert_eq!(limit.take(1000 + at + MINUTE), Turn::Now));
        assert_eq!(limit.take(1020 + MINUTE), Turn::At(31_000 + MINUTE));
    }

    #[test]
    fn too_fast_is_ten_minutes_of_nothing() {
        let mut limit = Limit::default();
        limit.punish(1000);
        assert_eq!(limit.take(600_999), Turn::Penalty(601_000));
        assert_eq!(limit.take(601_000), Turn::Now);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_everything() {
        let mut limit = Limit::default();
        (0..20).for_each(|_| assert_eq!(limit.take(10_000_000), Turn::Now));
        assert_eq!(limit.take(1000), Turn::Now);
    }
}
