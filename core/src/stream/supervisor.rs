//! A client's run from start to stop: its lanes, the time of what it holds, and a stop that waits for answers.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{join, join_all, select_all};
use serde_json::json;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::backoff::Budget;
use super::connection::{Connection, GOODBYE, Leaving};
use super::lane::Lane;
use super::reception::{keep_time, refuse_waiting};
use super::socket::Socket;
use crate::client::{Shared, State};
use crate::config::Subscription;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Level;
use crate::queue::Queue;
use crate::tally::Tally;

/// A connection that was lost sooner, and brought nothing, did not work.
const SHORT_LIFE: Duration = Duration::from_secs(10);
/// How many of those in a row are told.
const SHORT_LIVES: u32 = 5;
/// After so long connected without a delivery, a person is told what to look at.
const SILENCE: Duration = Duration::from_secs(120);

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

/// What the lanes of a run share.
pub(super) struct Fleet {
    pub(super) sleeps: watch::Receiver<u64>,
    /// Lanes that have a connection.
    pub(super) lanes_open: Tally,
    budget: Mutex<Budget>,
    short_lives: AtomicU32,
    sockets: Mutex<Sockets>,
}

/// The sockets of a run. Dropping it ends their tasks, so that none outlives the run.
#[derive(Default)]
struct Sockets {
    connections: Vec<Arc<Connection>>,
    tasks: JoinSet<()>,
}

/// Runs until stopped or refused.
pub(crate) async fn supervise(run: Run, sleeps: watch::Receiver<u64>) {
    let fleet = Fleet {
        sleeps,
        lanes_open: Tally::default(),
        budget: Mutex::new(Budget::new(run.shared.config.immediate_opens)),
        short_lives: AtomicU32::new(0),
        sockets: Mutex::default(),
    };
    run.shared.inbox.lead_to(run.queue.downgrade());
    let life = async {
        let refusal = run.stay_connected(&fleet).await;
        run.wind_down(&fleet).await;
        refusal
    };
    let refusal = tokio::select! {
        biased;
        refusal = life => refusal,
        never = keep_time(&run.shared) => match never {},
    };
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
    async fn stay_connected(&self, fleet: &Fleet) -> Option<Error> {
        self.shared.enter(&self.queue, State::Connecting, json!({}));
        let further = (1..self.shared.config.connections).map(|_| Lane::new(self, fleet).follow().boxed());
        let lanes = std::iter::once(Lane::new(self, fleet).keep().boxed()).chain(further);
        tokio::select! {
            biased;
            (refusal, ..) = select_all(lanes) => refusal,
            never = self.watch_silence() => match never {},
        }
    }

    /// The questions that everybody asks whose bot is connected and hears nothing.
    async fn watch_silence(&self) -> Infallible {
        let _ = self.started.subscribe().wait_for(|started| matches!(started, Some(Ok(())))).await;
        sleep(SILENCE).await;
        if self.shared.has_received_nothing() {
            self.shared.log(
                Level::Warn,
                "stream",
                format_args!(
                    "connected for two minutes and nothing came: is Stream mode on in the developer console, and the \
                     application published? does another instance of it take the messages? a robot of an H5 \
                     application needs its message mode set to Stream, too"
                ),
            );
        }
        std::future::pending().await
    }

    /// Handlers go on while time is left; a socket closes as soon as no answer is owed on it.
    async fn wind_down(&self, fleet: &Fleet) {
        self.shared.enter(&self.queue, State::Stopping, json!({}));
        let mut sockets = std::mem::take(&mut *fleet.sockets());
        let finished = async {
            let answered = sockets.connections.iter().map(|connection| async move {
                connection.owed.zero().await;
                connection.close();
            });
            join(join_all(answered), self.shared.inbox.held.zero()).await;
            self.shared.calls.zero().await;
            while sockets.tasks.join_next().await.is_some() {}
        };
        let mut stop = self.stop.clone();
        let in_time = tokio::select! {
            biased;
            () = finished => true,
            () = deadline(&mut stop) => false,
        };
        if !in_time {
            self.cut_off(sockets).await;
        }
    }

    /// The deadline has come: what nobody took is refused, so that it comes again where it can.
    async fn cut_off(&self, mut sockets: Sockets) {
        let refused = refuse_waiting(&self.shared, &self.queue);
        let running = self.shared.inbox.held.count();
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

impl Fleet {
    pub(super) fn serve(&self, run: &Run, socket: Socket) -> (Arc<Connection>, oneshot::Receiver<Leaving>) {
        let mut sockets = self.sockets();
        sockets.connections.retain(|connection| !connection.is_closed());
        while sockets.tasks.try_join_next().is_some() {}
        let (connection, leaving) = Connection::serve(run, self.sleeps.clone(), socket, &mut sockets.tasks);
        sockets.connections.push(Arc::clone(&connection));
        (connection, leaving)
    }

    pub(super) fn may_open_at_once(&self) -> bool {
        self.budget.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).spend(Instant::now())
    }

    /// Somebody accepts the ticket and hangs up at once, again and again: nothing else would show it.
    pub(super) fn tell_short_lived(&self, shared: &Shared, lived: Duration, has_brought: bool) {
        if lived >= SHORT_LIFE || has_brought {
            self.short_lives.store(0, Ordering::Relaxed);
            return;
        }
        shared.stats.short_lived.one();
        if self.short_lives.fetch_add(1, Ordering::Relaxed) + 1 == SHORT_LIVES {
            let told = format_args!(
                "{SHORT_LIVES} connections in a row were lost within seconds and brought nothing: a firewall or proxy \
                 may cut WebSockets, or too many instances of this application are connected"
            );
            shared.log(Level::Warn, "stream", told);
        }
    }

    fn sockets(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
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
pub(super) async fn unless_stopped<T>(
    stop: &mut watch::Receiver<Option<Instant>>,
    work: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        _ = stop.wait_for(Option::is_some) => None,
        done = work => Some(done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::config::Config;
    use crate::queue::Item;

    fn run(client: &Client) -> Run {
        let (started, _) = watch::channel(Some(Ok(())));
        let (_, stop) = watch::channel(None);
        let shared = Arc::clone(client.shared());
        Run { shared, queue: client.queue().clone(), subscriptions: Arc::new([]), stop, started }
    }

    fn fleet() -> Fleet {
        let (_, sleeps) = watch::channel(0);
        Fleet {
            sleeps,
            lanes_open: Tally::default(),
            budget: Mutex::new(Budget::new(1)),
            short_lives: AtomicU32::new(0),
            sockets: Mutex::default(),
        }
    }

    fn told(client: &Client) -> Vec<String> {
        let mut items = Vec::new();
        let _ = client.queue().take(100, Some(Duration::ZERO), &mut items);
        let logs = items.into_iter().filter_map(|item| match item {
            Item::Log { record, .. } => Some(record.message),
            _ => None,
        });
        logs.collect()
    }

    #[tokio::test(start_paused = true)]
    async fn two_silent_minutes_are_told_once() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        let run = run(&client);
        let silence = timeout(Duration::from_secs(119), run.watch_silence()).await;
        assert!(silence.is_err() && told(&client).is_empty());
        let silence = timeout(Duration::from_secs(3600), run.watch_silence()).await;
        assert!(silence.is_err());
        let told = told(&client);
        assert!(told.len() == 1 && told[0].starts_with("connected for two minutes and nothing came"), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_heard_something_is_not_silent() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        client.shared().stats.events.one();
        let silence = timeout(Duration::from_secs(3600), run(&client).watch_silence()).await;
        assert!(silence.is_err() && told(&client).is_empty());
    }

    #[test]
    fn connections_that_die_at_once_are_told_once_an_episode() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        let fleet = fleet();
        let lives = |count: u32, lived, has_brought| {
            (0..count).for_each(|_| fleet.tell_short_lived(client.shared(), Duration::from_secs(lived), has_brought));
            told(&client).len()
        };
        assert_eq!((lives(4, 1, false), lives(1, 1, false), lives(20, 1, false)), (0, 1, 0));
        assert_eq!((lives(1, 1, true), lives(1, 3600, false), lives(4, 1, false), lives(1, 1, false)), (0, 0, 0, 1));
    }
}
