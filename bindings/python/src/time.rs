//! Python's seconds.

use std::time::Duration;

/// How long something may take: what is too long for a clock is for ever, and what is below zero is no time at all.
pub(crate) fn patience(seconds: f64) -> Duration {
    match Duration::try_from_secs_f64(seconds) {
        Ok(patience) => patience,
        Err(_) if seconds > 0.0 => Duration::MAX,
        Err(_) => Duration::ZERO,
    }
}
