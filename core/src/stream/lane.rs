//! One of the connections that a client keeps: open, connect, serve, replace, back off.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep};

use super::backoff::Backoff;
use super::fleet::Fleet;
use super::reader::Leaving;
use super::run::{Run, unless_stopped};
use super::socket::Socket;
use super::{open, socket};
use crate::client::State;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::stats::millis;

/// One connection after the other, the next one open before the last one closes.
pub(super) struct Lane<'a> {
    run: &'a Run,
    fleet: &'a Fleet,
    stop: watch::Receiver<Option<Instant>>,
    sleeps: watch::Receiver<u64>,
    backoff: Backoff,
    /// Whether a socket of this lane serves.
    is_open: bool,
    /// Whether the refusal that repeats itself was told.
    is_refused: bool,
}

impl<'a> Lane<'a> {
    pub(super) fn new(run: &'a Run, fleet: &'a Fleet) -> Self {
        Self {
            run,
            fleet,
            stop: run.stop.clone(),
            sleeps: fleet.sleeps.clone(),
            backoff: Backoff::new(run.shared.config.backoff_max_ms),
            is_open: false,
            is_refused: false,
        }
    }

    /// Returns when asked to stop, or with the refusal that ended the first start.
    pub(super) async fn keep(mut self) -> Option<Error> {
        loop {
            let pause = match unless_stopped(&mut self.stop, self.run.establish()).await? {
                Ok(socket) => self.serve(socket).await?,
                Err(error) if open::is_definitive(&error) && !self.run.was_open() => {
                    self.run.shared.stats.open_failures.one();
                    self.run.shared.log(Level::Error, "stream", format_args!("{error}"));
                    return Some(error);
                }
                Err(error) => self.failed(&error),
            };
            self.rest(pause).await?;
        }
    }

    /// The same for a further lane, which waits for the first one's success: a wrong credential is refused once.
    pub(super) async fn follow(mut self) -> Option<Error> {
        let mut started = self.run.started.subscribe();
        unless_stopped(&mut self.stop, started.wait_for(|started| matches!(started, Some(Ok(()))))).await?.ok()?;
        let pause = self.pause();
        self.rest(pause).await?;
        self.keep().await
    }

    /// Serves until it is time for another connection; how long to wait before that.
    async fn serve(&mut self, socket: Socket) -> Option<Duration> {
        let (connection, leaving) = self.fleet.serve(self.run, socket);
        let opened = Instant::now();
        self.is_refused = false;
        if !std::mem::replace(&mut self.is_open, true) {
            self.fleet.lanes_open.add();
        }
        self.run.shared.stats.opened.one();
        self.enter(State::Open, json!({}));
        self.run.started.send_replace(Some(Ok(())));
        let reason = unless_stopped(&mut self.stop, leaving).await?;
        self.backoff.lost(opened.elapsed());
        let pause = self.pause();
        self.tell_leaving(reason, pause);
        self.fleet.tell_short_lived(&self.run.shared, opened.elapsed(), connection.has_brought());
        Some(pause)
    }

    fn pause(&mut self) -> Duration {
        if self.fleet.may_open_at_once() { Duration::ZERO } else { self.backoff.pause(fastrand::f64()) }
    }

    /// A machine that wakes up does not go on waiting.
    async fn rest(&mut self, pause: Duration) -> Option<()> {
        if !pause.is_zero() {
            let rest = async {
                tokio::select! {
                    () = sleep(pause) => {}
                    Ok(()) = self.sleeps.changed() => {}
                }
            };
            unless_stopped(&mut self.stop, rest).await?;
        }
        // Where another connection serves, nothing has changed for the application.
        if self.run.shared.state() == State::Waiting {
            self.enter(State::Connecting, json!({}));
        }
        Some(())
    }

    fn failed(&mut self, error: &Error) -> Duration {
        self.run.shared.stats.open_failures.one();
        let is_definitive = open::is_definitive(error);
        let chance = fastrand::f64();
        let pause = if is_definitive { self.backoff.refused(chance) } else { self.backoff.pause(chance) };
        let level = if self.is_refused { Level::Debug } else { Level::Warn };
        let (attempt, seconds) = (self.backoff.attempts(), pause.as_secs_f64());
        let told = format_args!("no connection (try {attempt}, next in {seconds:.1} s): {error}");
        self.run.shared.log(level, "stream", told);
        self.is_refused = is_definitive;
        self.close(json!({ "error": error.to_json(), "attempt": attempt, "retry_in_ms": millis(pause) }));
        pause
    }

    fn tell_leaving(&mut self, reason: Result<Leaving, oneshot::error::RecvError>, pause: Duration) {
        let shared = &self.run.shared;
        let error = match reason {
            Ok(Leaving::Asked(reason)) => {
                shared.stats.rotated.one();
                let told = format_args!("the server asked for another connection ({reason})");
                shared.log(Level::Info, "stream", told);
                return;
            }
            Ok(Leaving::Gone(error)) => error,
            Err(_) => Error::new(ErrorKind::Panic, "the connection's task ran into a bug of this library")
                .hint("please report it with the log around it"),
        };
        let error = error.at("stream");
        shared.stats.lost.one();
        shared.log(Level::Warn, "stream", format_args!("the connection was lost: {error}"));
        self.close(json!({ "error": error.to_json(), "retry_in_ms": millis(pause) }));
    }

    /// This lane has no connection any more; where it was the last one, the application hears of it.
    fn close(&mut self, told: Value) {
        if std::mem::replace(&mut self.is_open, false) {
            self.fleet.lanes_open.done();
        }
        if self.fleet.lanes_open.count() == 0 {
            self.enter(State::Waiting, told);
        }
    }

    fn enter(&self, state: State, told: Value) {
        self.run.shared.enter(&self.run.queue, state, told);
    }
}

impl Run {
    /// A ticket, and the connection that it buys.
    async fn establish(&self) -> Result<Socket> {
        let network = self.shared.network()?;
        let opened = open::open(&network.transport, &self.shared.config, &self.subscriptions).await?;
        let socket = socket::connect(&opened, network, &self.shared.config).await?;
        self.shared.log(Level::Info, "stream", format_args!("connected"));
        Ok(socket)
    }

    fn was_open(&self) -> bool {
        matches!(*self.started.borrow(), Some(Ok(())))
    }
}
