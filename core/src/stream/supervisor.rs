//! Keeps a client connected from start to stop: open, connect, serve, replace, back off.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::connection::{Connection, GOODBYE, Leaving};
use super::socket::Socket;
use super::{Backoff, open, socket};
use crate::client::{Shared, State};
use crate::config::Subscription;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::queue::Queue;
use crate::runtime::Process;

/// The strings to one run of a client, held by both ends.
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    /// Where its deliveries go.
    pub(crate) queue: Queue,
    pub(crate) subscriptions: Arc<[Subscription]>,
    /// When to be stopped by; `None` while nobody asked.
    pub(crate) stop: watch::Receiver<Option<Instant>>,
    /// How the start went.
    pub(crate) started: watch::Sender<Option<Result<()>>>,
}

/// The sockets of a run. Dropping it ends their tasks, so that none outlives the run.
#[derive(Default)]
struct Sockets {
    connections: Vec<Arc<Connection>>,
    tasks: JoinSet<()>,
}

/// Runs until stopped or refused.
pub(crate) async fn supervise(mut run: Run) {
    let mut sockets = Sockets::default();
    let refusal = run.stay_connected(&mut sockets).await;
    run.wind_down(sockets).await;
    run.shared.finish(&run.queue, refusal.as_ref());
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
    async fn stay_connected(&mut self, sockets: &mut Sockets) -> Option<Error> {
        let mut backoff = Backoff::new(self.shared.config.backoff_max_ms);
        let (mut was_open, mut refused) = (false, false);
        self.enter(State::Connecting, json!({}));
        loop {
            let pause = match unless_stopped(&mut self.stop, establish(&self.shared, &self.subscriptions)).await? {
                Ok(socket) => {
                    let leaving = self.serve(socket, sockets);
                    backoff.opened(Instant::now());
                    (was_open, refused) = (true, false);
                    self.enter(State::Open, json!({}));
                    self.started.send_replace(Some(Ok(())));
                    let reason = unless_stopped(&mut self.stop, leaving).await?;
                    let pause = backoff.lost(Instant::now(), fastrand::f64());
                    self.tell_leaving(reason, pause);
                    pause
                }
                Err(error) if open::is_definitive(&error) && !was_open => {
                    self.shared.log(Level::Error, "stream", format_args!("{error}"));
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
            if self.shared.state() == State::Waiting {
                self.enter(State::Connecting, json!({}));
            }
        }
    }

    fn serve(&self, socket: Socket, sockets: &mut Sockets) -> oneshot::Receiver<Leaving> {
        sockets.connections.retain(|connection| !connection.is_closed());
        while sockets.tasks.try_join_next().is_some() {}
        let (connection, leaving) =
            Connection::serve(&self.shared, &self.queue, &self.subscriptions, socket, &mut sockets.tasks);
        sockets.connections.push(connection);
        leaving
    }

    fn enter(&self, state: State, told: Value) {
        self.shared.enter(&self.queue, state, told);
    }

    fn tell_leaving(&self, reason: Result<Leaving, oneshot::error::RecvError>, pause: Duration) {
        let error = match reason {
            Ok(Leaving::Asked(reason)) => {
                self.shared.log(
                    Level::Info,
                    "stream",
                    format_args!("the server asked for another connection ({reason})"),
                );
                return;
            }
            Ok(Leaving::Gone(error)) => error,
            Err(_) => Error::new(ErrorKind::Panic, "the connection's task ran into a bug of this library")
                .hint("please report it with the log around it"),
        };
        let error = error.at("stream");
        self.shared.log(Level::Warn, "stream", format_args!("the connection was lost: {error}"));
        self.enter(State::Waiting, json!({ "error": error.to_json(), "retry_in_ms": pause.as_millis() as u64 }));
    }

    /// A refusal that repeats itself was told before.
    fn tell_failed(&self, error: &Error, attempt: u32, pause: Duration, told: bool) {
        let level = if told { Level::Debug } else { Level::Warn };
        let seconds = pause.as_secs_f64();
        self.shared.log(
            level,
            "stream",
            format_args!("no connection (try {attempt}, next in {seconds:.1} s): {error}"),
        );
        let told = json!({ "error": error.to_json(), "attempt": attempt, "retry_in_ms": pause.as_millis() as u64 });
        self.enter(State::Waiting, told);
    }

    /// Handlers go on while time is left; a socket closes as soon as no answer is owed on it.
    async fn wind_down(&mut self, mut sockets: Sockets) {
        self.enter(State::Stopping, json!({}));
        let finished = async {
            let answered = sockets.connections.iter().map(|connection| async move {
                connection.owed.zero().await;
                connection.close();
            });
            futures_util::future::join(futures_util::future::join_all(answered), self.shared.inbox.held.zero()).await;
            self.shared.calls.zero().await;
            while sockets.tasks.join_next().await.is_some() {}
        };
        let in_time = tokio::select! {
            biased;
            () = finished => true,
            () = deadline(&mut self.stop) => false,
        };
        if !in_time {
            self.cut_off(sockets).await;
        }
    }

    /// The deadline has come: what nobody took is refused, so that it comes again where it can.
    async fn cut_off(&self, mut sockets: Sockets) {
        let client = self.shared.id;
        let waiting = self.queue.take_back(|delivery| delivery.client() == client && !delivery.is_settled());
        let (refused, running) = (waiting.len(), self.shared.inbox.held.count().saturating_sub(waiting.len()));
        for delivery in waiting {
            delivery.refuse();
        }
        if refused + running > 0 {
            let told = format_args!(
                "the stop's deadline came: {refused} deliveries refused, {running} handlers still running"
            );
            self.shared.log(Level::Warn, "stream", told);
        }
        for connection in &sockets.connections {
            connection.close();
        }
        let goodbye = async { while sockets.tasks.join_next().await.is_some() {} };
        if timeout(GOODBYE, goodbye).await.is_err() {
            sockets.tasks.shutdown().await;
        }
    }
}

/// Completes at the earliest deadline that was asked for, also where it is asked for meanwhile.
async fn deadline(stop: &mut watch::Receiver<Option<Instant>>) {
    loop {
        // A client that ends by itself waits for nobody.
        let Some(deadline) = *stop.borrow_and_update() else { return };
        tokio::select! {
            () = sleep_until(deadline) => return,
            Ok(()) = stop.changed() => {}
        }
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

async fn establish(shared: &Shared, subscriptions: &[Subscription]) -> Result<Socket> {
    let transport = Process::current()?.transport()?;
    let opened = open::open(transport, &shared.config, subscriptions).await?;
    let socket = socket::connect(&opened, shared.config.connect_timeout_ms).await?;
    shared.log(Level::Info, "stream", format_args!("connected"));
    Ok(socket)
}
