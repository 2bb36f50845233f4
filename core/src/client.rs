//! One DingTalk application: start, stop, state.

mod calls;
mod cards;
mod media;
mod shared;
mod state;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::call::Call;
use crate::config::{Config, Subscription};
use crate::delivery::Delivery;
use crate::dispatch::{self, OnDelivery};
use crate::error::{Error, ErrorKind, Result, config};
use crate::handlers::Handlers;
use crate::json::Json;
use crate::kind::Kind;
use crate::queue::Queue;
use crate::runtime::Process;
use crate::stats::Stats;
use crate::stream::{Run, supervise};
pub(crate) use shared::{Shared, counted};
pub use state::{STATES, State};

/// A DingTalk application's Stream connection and its way to reply, shared by reference count. Dropping the last one
/// stops it with no patience.
#[derive(Clone)]
pub struct Client(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    queue: Queue,
    life: Mutex<Life>,
}

#[derive(Default)]
struct Life {
    subscriptions: Vec<Subscription>,
    on_delivery: Option<Arc<OnDelivery>>,
    handlers: Arc<Handlers>,
    started: bool,
    /// How many runs were begun.
    begun: u64,
    /// The last one counts; those before it still stop.
    runs: Vec<Running>,
}

#[derive(Clone)]
struct Running {
    stop: watch::Sender<Option<Instant>>,
    started: watch::Receiver<Option<Result<()>>>,
    ended: watch::Receiver<bool>,
}

impl Client {
    /// A client with a queue of its own.
    ///
    /// # Errors
    /// `config` where the configuration can't work.
    pub fn new(config: Config) -> Result<Self> {
        Self::with_queue(config, &Queue::new(), 0)
    }

    /// A client that delivers to `queue`; `source` tells its deliveries from those of other clients there.
    ///
    /// # Errors
    /// `config` where the configuration can't work.
    pub fn with_queue(config: Config, queue: &Queue, source: u64) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut config = config.checked()?;
        let life = Life { subscriptions: std::mem::take(&mut config.subscriptions), ..Life::default() };
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::new(Shared::new(id, source, config, queue.downgrade()));
        Ok(Self(Arc::new(Handle { shared, queue: queue.clone(), life: Mutex::new(life) })))
    }

    /// The queue that it delivers to.
    pub fn queue(&self) -> &Queue {
        &self.0.queue
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.0.shared.state()
    }

    /// What it has counted since it was made, and what it holds now. In a forked child: nothing.
    pub fn stats(&self) -> Stats {
        if self.0.shared.born.is_forked() { Stats::default() } else { self.0.shared.snapshot() }
    }

    /// The same as the text that Prometheus scrapes, with the client id as the label of every number.
    pub fn metrics(&self) -> String {
        self.stats().to_prometheus(&self.0.shared.config.client_id)
    }

    /// How many runs were begun so far. Each tells `stopped` once, so who counts those knows which one is the last: a
    /// start during a stop begins anew.
    pub fn runs(&self) -> u64 {
        self.0.life().begun
    }

    /// How long `run` lets handlers finish.
    pub fn stop_deadline(&self) -> Duration {
        self.0.shared.config.stop_deadline_ms
    }

    /// Subscribes one more kind before the start; `topic` as for [`Config::subscribe`].
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn subscribe(&self, kind: Kind, topic: &str) -> Result<()> {
        let mut life = self.0.not_started("a subscription")?;
        let mut config = Config { subscriptions: std::mem::take(&mut life.subscriptions), ..Config::default() };
        let subscribed = config.subscribe(kind, topic);
        life.subscriptions = config.subscriptions;
        subscribed
    }

    /// Hands every delivery to `function`, on threads of the library that do not carry the network, instead of letting
    /// it wait in the queue. Logs and finished calls still come to the queue.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_delivery(&self, function: impl Fn(Delivery) + Send + Sync + 'static) -> Result<()> {
        let mut life = self.0.not_started("on_delivery")?;
        let before = life.on_delivery.replace(Arc::new(function));
        // As for handlers below.
        drop(life);
        drop(before);
        Ok(())
    }

    pub(crate) fn change_handlers(&self, change: impl FnOnce(&mut Handlers)) -> Result<()> {
        let mut life = self.0.not_started("a handler")?;
        let mut changed = life.handlers.as_ref().clone();
        change(&mut changed);
        let before = std::mem::replace(&mut life.handlers, Arc::new(changed));
        // What it replaces is dropped without the lock, for it may be the application's.
        drop(life);
        drop(before);
        Ok(())
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    pub(crate) fn handlers(&self) -> Arc<Handlers> {
        Arc::clone(&self.0.life().handlers)
    }

    /// Starts connecting. The call is done at the first open connection; a definitive refusal before that (bad id or
    /// secret, address not allowed) fails it and stops the client, a dead network keeps trying. Started twice is started
    /// once; a stopped client can be started again.
    pub fn start(&self) -> Call {
        let shared = &self.0.shared;
        match self.0.begin() {
            Err(error) => Call::failed(&shared.teller, "start", error),
            Ok(mut running) => Call::start(&shared.teller, "start", async move {
                let outcome = running.started.wait_for(Option::is_some).await.map(|started| started.clone());
                outcome.ok().flatten().unwrap_or_else(|| Err(bug())).map(|()| done())
            }),
        }
    }

    /// Stops: running handlers go on, what still arrives is handled while time is left, each socket closes as soon as
    /// no answer is owed on it, card sessions that are still open end with their fallback text. Legal anywhere and at any
    /// moment, also for a client that was never started; the earliest deadline counts.
    pub fn stop(&self, patience: Duration) -> Call {
        let (running, shared) = (self.0.end(patience), Arc::clone(&self.0.shared));
        let deadline = Instant::now().checked_add(patience).unwrap_or_else(far_away);
        Call::stop(&self.0.shared.teller, self.0.shared.id, async move {
            if let Some(mut running) = running {
                let _ = running.ended.wait_for(|ended| *ended).await;
            }
            // What was opened without a run, or after it.
            shared.sessions.end_all();
            let _ = timeout_at(deadline, shared.calls.zero()).await;
            Ok(done())
        })
    }
}

impl Handle {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn not_started(&self, what: &str) -> Result<MutexGuard<'_, Life>> {
        self.shared.born.check("client")?;
        let life = self.life();
        if life.started {
            return Err(config(format!("{what} came after the start")).hint("register everything before start or run"));
        }
        Ok(life)
    }

    fn begin(&self) -> Result<Running> {
        self.shared.born.check("client")?;
        let process = Process::current()?;
        let mut life = self.life();
        life.runs.retain(|run| !run.is_over());
        if let Some(running) = life.runs.last().filter(|running| running.is_wanted()) {
            return Ok(running.clone());
        }
        if life.subscriptions.is_empty() {
            return Err(
                config("nothing is subscribed").hint("register a handler, or subscribe a kind, before the start")
            );
        }
        let shared = Arc::clone(&self.shared);
        shared.journal()?;
        cards::tell_how_clicks_arrive(&shared, &life.subscriptions);
        // A run's own queue is closed with it, so that its threads end and those of the next run take nothing of it.
        let own =
            life.on_delivery.as_ref().map(|function| dispatch::start(shared.config.dispatchers, shared.id, function));
        let own = own.transpose()?;
        let queue = own.as_ref().unwrap_or(&self.queue).clone();
        life.started = true;
        life.begun += 1;
        let before = life.runs.last().map(|running| running.ended.clone());
        let (stop, stop_seen) = watch::channel(None);
        let (started, started_seen) = watch::channel(None);
        let (ended, ended_seen) = watch::channel(false);
        let running = Running { stop, started: started_seen, ended: ended_seen };
        life.runs.push(running.clone());
        let subscriptions: Arc<[_]> = life.subscriptions.as_slice().into();
        let sleeps = process.sleeps().subscribe();
        process.handle().spawn(async move {
            // A client that is started while it stops begins anew only after its last `stopped`.
            if let Some(mut before) = before {
                let _ = before.wait_for(|ended| *ended).await;
            }
            let run =
                Run { shared: Arc::clone(&shared), queue: queue.clone(), subscriptions, stop: stop_seen, started };
            if AssertUnwindSafe(supervise(run, sleeps)).catch_unwind().await.is_err() {
                shared.finish(&queue, Some(&bug()));
            }
            if let Some(own) = own {
                own.close();
            }
            ended.send_replace(true);
        });
        Ok(running)
    }

    fn end(&self, patience: Duration) -> Option<Running> {
        if self.shared.born.is_forked() {
            return None;
        }
        let deadline = Instant::now().checked_add(patience).unwrap_or_else(far_away);
        let life = self.life();
        for running in &life.runs {
            running.stop.send_modify(|stop| *stop = Some(stop.map_or(deadline, |earlier| earlier.min(deadline))));
        }
        life.runs.last().cloned()
    }
}

impl Running {
    fn is_wanted(&self) -> bool {
        self.stop.borrow().is_none() && !matches!(*self.started.borrow(), Some(Err(_)))
    }

    fn is_over(&self) -> bool {
        *self.ended.borrow()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.shared.born.is_forked() {
            // The runs belong to the parent, and so do the locks behind them.
            let life = self.life.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
            std::mem::forget(std::mem::take(&mut life.runs));
        } else {
            self.end(Duration::ZERO);
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("client_id", &self.0.shared.config.client_id)
            .field("state", &self.state().name())
            .finish_non_exhaustive()
    }
}

fn done() -> Arc<Json> {
    Arc::new(Json::new("{}"))
}

fn bug() -> Error {
    Error::new(ErrorKind::Panic, "the client ran into a bug of this library")
        .hint("please report it with the log around it")
}

fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(365 * 24 * 3600)
}
