//! Whether a connection still lives: anything that arrives proves it, silence is asked about, and only questions that
//! stay unanswered end it. Sans-IO: time comes in.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Config;
use crate::error::{Error, ErrorKind};

/// After `disconnect` the server is silent for ten seconds and then closes; this is how long it is trusted to.
const DRAIN: Duration = Duration::from_secs(30);

/// What to do when the deadline has come.
#[derive(Debug)]
pub(crate) enum Due {
    /// Nothing: there was life since.
    Nothing,
    /// Ask the server for a sign of life.
    Ping,
    /// Give the connection up.
    Gone(Error),
}

/// How patient a connection is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Silence before the server is asked.
    pub(crate) quiet: Duration,
    /// How long it may take to answer.
    pub(crate) echo: Duration,
    /// How often it is asked in vain.
    pub(crate) attempts: u32,
}

impl Patience {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            quiet: config.ping_after_ms,
            echo: config.ping_timeout_ms,
            attempts: u32::try_from(config.ping_attempts).unwrap_or(u32::MAX),
        }
    }
}

/// The signs of life of one connection.
pub(crate) struct Liveness {
    patience: Patience,
    heard: Instant,
    pings: u32,
    /// Set while the time that has passed can't be trusted.
    suspected: Option<Instant>,
    draining_until: Option<Instant>,
}

impl Liveness {
    pub(crate) fn new(patience: Patience, now: Instant) -> Self {
        Self { patience, heard: now, pings: 0, suspected: None, draining_until: None }
    }

    /// Anything that arrives proves life.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.pings = 0;
        self.suspected = None;
    }

    /// The machine has slept: the server may have hung up long ago, so it is asked at once and once.
    pub(crate) fn suspect(&mut self, now: Instant) {
        self.suspected = Some(now);
        self.pings = 0;
    }

    /// The server has said that it will close.
    pub(crate) fn drain(&mut self, now: Instant) {
        self.draining_until = Some(now + DRAIN);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining_until.is_some()
    }

    /// When something is [`due`](Self::due), unless a frame comes first.
    pub(crate) fn deadline(&self) -> Instant {
        let asked = self.patience.echo.saturating_mul(self.pings);
        let silence = match self.suspected {
            Some(since) => since + asked,
            None => self.heard + self.patience.quiet + asked,
        };
        self.draining_until.map_or(silence, |drained| drained.min(silence))
    }

    /// What to do about the time that has passed.
    pub(crate) fn due(&mut self, now: Instant) -> Due {
        if now < self.deadline() {
            return Due::Nothing;
        }
        let attempts = if self.suspected.is_some() { 1 } else { self.patience.attempts };
        let given_up = if self.draining_until.is_some_and(|drained| drained <= now) {
            "the server asked to disconnect and never closed"
        } else if self.pings >= attempts {
            "the server gave no sign of life"
        } else {
            self.pings += 1;
            return Due::Ping;
        };
        Due::Gone(Error::new(ErrorKind::Timeout, given_up))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience { quiet: Duration::from_secs(60), echo: Duration::from_secs(10), attempts: 3 };

    fn liveness() -> Liveness {
        Liveness::new(PATIENCE, Instant::now())
    }

    async fn until_due(liveness: &Liveness) {
        tokio::time::advance(liveness.deadline() - Instant::now()).await;
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_asked_about_and_then_ends_the_connection() {
        let begun = Instant::now();
        let mut liveness = liveness();
        for _ in 0..PATIENCE.attempts {
            until_due(&liveness).await;
            assert!(matches!(liveness.due(Instant::now()), Due::Ping));
        }
        until_due(&liveness).await;
        assert!(matches!(liveness.due(Instant::now()), Due::Gone(error) if error.kind() == ErrorKind::Timeout));
        assert_eq!(begun.elapsed(), Duration::from_secs(90));
    }

    #[tokio::test(start_paused = true)]
    async fn a_quiet_connection_that_echoes_is_never_killed() {
        let mut liveness = liveness();
        for _ in 0..1000 {
            until_due(&liveness).await;
            assert!(matches!(liveness.due(Instant::now()), Due::Ping));
            tokio::time::advance(PATIENCE.echo / 2).await;
            liveness.heard(Instant::now());
            assert!(matches!(liveness.due(Instant::now()), Due::Nothing));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_echo_at_the_last_moment_starts_anew() {
        let mut liveness = liveness();
        for _ in 0..PATIENCE.attempts {
            until_due(&liveness).await;
            liveness.due(Instant::now());
        }
        liveness.heard(Instant::now());
        assert_eq!(liveness.deadline(), Instant::now() + PATIENCE.quiet);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_sleep_one_unanswered_question_is_enough() {
        let mut liveness = liveness();
        liveness.suspect(Instant::now());
        assert!(matches!(liveness.due(Instant::now()), Due::Ping));
        tokio::time::advance(PATIENCE.echo).await;
        assert!(matches!(liveness.due(Instant::now()), Due::Gone(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_that_the_connection_survived_changes_nothing() {
        let mut liveness = liveness();
        liveness.suspect(Instant::now());
        assert!(matches!(liveness.due(Instant::now()), Due::Ping));
        liveness.heard(Instant::now());
        assert_eq!(liveness.deadline(), Instant::now() + PATIENCE.quiet);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_never_closes_is_not_waited_for() {
        let mut liveness = liveness();
        liveness.drain(Instant::now());
        assert_eq!(liveness.deadline(), Instant::now() + DRAIN);
        tokio::time::advance(DRAIN).await;
        assert!(matches!(liveness.due(Instant::now()), Due::Gone(_)));
    }
}
