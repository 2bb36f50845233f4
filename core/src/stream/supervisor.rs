//! Keeps a client connected from start to stop: open, connect, serve, replace, back off.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::connection::{Connection, Leaving};
use super::{Backoff, open, socket};
use crate::client::{Shared, State};
use crate::config::Subscription;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::runtime::Process;

/// The strings to one run of a client, held by both ends.
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) subscriptions: Arc<[Subscription]>,
    /// When to be stopped by; `None` while nobody asked.
    pub(crate) stop: watch::Receiver<Option<Instant>>,
    /// How the start went.
    pub(crate) started: watch::Sender<Option<Result<()>>>,
}

/// Runs until stopped or refused.
pub(crate) async fn supervise(mut run: Run) {
    let mut connections = Vec::new();
    let refusal = run.stay_connected(&mut connections).await;
    run.wind_down(&connections).await;
    let outcome =
        refusal.unwrap_or_else(|| Error::new(ErrorKind::Closed, "the client was stopped before it was connected"));
    run.started.send_if_modified(|started| match started {
        Some(_) => false,
        None => {
            *started = Some(Err(outcome.at("open")));
            true
        }
    });
}

impl Run {
    /// Returns when asked to stop, or with the refusal that ended the first start.
    async fn stay_connected(&mut self, connections: &mut Vec<Arc<Connection>>) -> Option<Error> {
        let mut backoff = Backoff::new(self.shared.config.backoff_max_ms);
        let (mut was_open, mut refused) = (false, false);
        self.shared.enter(State::Connecting, json!({}));
        loop {
            let pause = match unless_stopped(&mut self.stop, establish(&self.shared, &self.subscriptions)).await? {
                Ok((connection, leaving)) => {
                    connections.retain(|connection| !connection.is_closed());
                    connections.push(connection);
                    backoff.opened(Instant::now());
                    (was_open, refused) = (true, false);
                    self.shared.enter(State::Open, json!({}));
                    self.started.send_replace(Some(Ok(())));
                    let reason = unless_stopped(&mut self.stop, leaving).await?;
                    let pause = backoff.lost(Instant::now(), fastrand::f64());
                    self.tell_leaving(reason, pause);
                    pause
                }
                Err(error) if open::is_definitive(&error) && !was_open => {
                    self.shared.log(Level::Error, "stream", error.to_string());
                    self.started.send_replace(Some(Err(error.clone())));
                    self.shared.set_failure(&error);
                    return Some(error);
                }
                Err(error) => {
                    let definitive = open::is_definitive(&error);
                    let chance = fastrand::f64();
                    let pause = if definitive { backoff.refused(chance) } else { backoff.failed(chance) };
                    self.tell_failed(&error, backoff.attempts(), pause, refused);
                    refused = definitive;
                    pause
                }
            };
            if !pause.is_zero() {
                unless_stopped(&mut self.stop, sleep(pause)).await?;
            }
            // Where the server only asked for another connection, the old one still serves: nothing has changed.
            if self.shared.state().0 == State::Waiting {
                self.shared.enter(State::Connecting, json!({}));
            }
        }
    }

    fn tell_leaving(&self, reason: Result<Leaving, oneshot::error::RecvError>, pause: Duration) {
        let error = match reason {
            Ok(Leaving::Asked(reason)) => {
                self.shared.log(Level::Info, "stream", format!("the server asked for another connection ({reason})"));
                return;
            }
            Ok(Leaving::Gone(error)) => error,
            Err(_) => Error::new(ErrorKind::Panic, "the connection's task ran into a bug of this library")
                .hint("please report it with the log around it"),
        };
        let error = error.at("stream");
        self.shared.log(Level::Warn, "stream", format!("the connection was lost: {error}"));
        self.shared.enter(State::Waiting, json!({ "error": error.to_json(), "retry_in_ms": pause.as_millis() as u64 }));
    }

    /// A refusal that repeats itself was told before.
    fn tell_failed(&self, error: &Error, attempt: u32, pause: Duration, told: bool) {
        let level = if told { Level::Debug } else { Level::Warn };
        let seconds = pause.as_secs_f64();
        self.shared.log(level, "stream", format!("no connection (try {attempt}, next in {seconds:.1} s): {error}"));
        let told = json!({ "error": error.to_json(), "attempt": attempt, "retry_in_ms": pause.as_millis() as u64 });
        self.shared.enter(State::Waiting, told);
    }

    /// Handlers go on while time is left; a socket closes as soon as no answer is owed on it.
    async fn wind_down(&mut self, connections: &[Arc<Connection>]) {
        let now = Instant::now();
        let deadline = self.stop.borrow().unwrap_or(now);
        self.shared.enter(State::Stopping, json!({}));
        let closing = futures_util::future::join_all(connections.iter().map(|connection| async move {
            connection.owed.zero().await;
            connection.close();
            connection.closed().await;
        }));
        let finished = async {
            futures_util::future::join(closing, self.shared.inbox.held.zero()).await;
            self.shared.calls.zero().await;
        };
        tokio::select! {
            biased;
            () = finished => {}
            () = sleep_until(deadline) => self.cut_off(connections).await,
        }
        self.shared.finish();
    }

    /// The deadline has come: what nobody took is refused, so that it comes again where it can.
    async fn cut_off(&self, connections: &[Arc<Connection>]) {
        let client = self.shared.id;
        let waiting = self.shared.queue.take_back(|delivery| delivery.client() == client && !delivery.is_settled());
        let (refused, running) = (waiting.len(), self.shared.inbox.held.count().saturating_sub(waiting.len()));
        for delivery in waiting {
            delivery.refuse();
        }
        if refused + running > 0 {
            let told =
                format!("the stop's deadline came: {refused} deliveries refused, {running} handlers still running");
            self.shared.log(Level::Warn, "stream", told);
        }
        for connection in connections {
            connection.close();
        }
        let goodbye = futures_util::future::join_all(connections.iter().map(|connection| connection.closed()));
        let _ = tokio::time::timeout(Duration::from_secs(1), goodbye).await;
    }
}

/// `None` where the stop came first.
async fn unless_stopped<T>(stop: &mut watch::Receiver<Option<Instant>>, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        _ = stop.wait_for(Option::is_some) => None,
        done = work => Some(done),
    }
}

async fn establish(
    shared: &Arc<Shared>,
    subscriptions: &Arc<[Subscription]>,
) -> Result<(Arc<Connection>, oneshot::Receiver<Leaving>)> {
    let transport = Process::current()?.transport()?;
    let opened = open::open(transport, &shared.config, subscriptions).await?;
    let socket = socket::connect(&opened, shared.config.connect_timeout_ms).await?;
    shared.log(Level::Info, "stream", "connected".to_owned());
    Ok(Connection::serve(shared, subscriptions, socket))
}
