//! One DingTalk application: start, stop, state.

mod shared;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::call::Call;
use crate::config::{Config, Subscription};
use crate::delivery::{Delivery, Kind};
use crate::dispatch::{self, OnDelivery};
use crate::error::{Error, ErrorKind, Result, config};
use crate::handlers::Handlers;
use crate::json::Json;
use crate::queue::Queue;
use crate::runtime::{Born, Process};
use crate::stream::{Inbox, Run, supervise};
use crate::tally::Tally;
pub(crate) use shared::{Shared, counted};

macro_rules! states {
    ($($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)+) => {
        /// What a client is doing. Numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u32)]
        pub enum State {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl State {
            /// Lower-case name, the same in every language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        /// Every state: name, number and meaning, for those who write the constants of other languages.
        pub const STATES: &[(&str, u32, &str)] = &[$(($name, $number, concat!($($doc, "\n"),+).trim_ascii()),)+];
    };
}

states! {
    /// Made, not started.
    Idle = 0 "idle",
    /// Asking for a connection.
    Connecting = 1 "connecting",
    /// Connected: what DingTalk pushes arrives.
    Open = 2 "open",
    /// Not connected; waiting before the next try.
    Waiting = 3 "waiting",
    /// Asked to stop; handlers may still finish.
    Stopping = 4 "stopping",
    /// Stopped. It can be started again.
    Stopped = 5 "stopped",
}

/// A DingTalk application's Stream connection and its way to reply, shared by reference count. Dropping the last one
/// stops it with no patience.
#[derive(Clone)]
pub struct Client(Arc<Handle>);

struct Handle {
    shared: Arc<Shared>,
    life: Mutex<Life>,
}

#[derive(Default)]
struct Life {
    subscriptions: Vec<Subscription>,
    on_delivery: Option<Arc<OnDelivery>>,
    handlers: Arc<Handlers>,
    started: bool,
    run: Option<Running>,
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
        let shared = Arc::new(Shared {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            source,
            inbox: Inbox::new(config.inbox_count, config.inbox_bytes),
            config,
            queue: queue.clone(),
            calls: Tally::default(),
            born: Born::now(),
            state: Mutex::new((State::Idle, None)),
        });
        Ok(Self(Arc::new(Handle { shared, life: Mutex::new(life) })))
    }

    /// The queue that it delivers to.
    pub fn queue(&self) -> &Queue {
        &self.0.shared.queue
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.0.shared.state().0
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
    /// it wait in the queue.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_delivery(&self, function: impl Fn(Delivery) + Send + Sync + 'static) -> Result<()> {
        self.0.not_started("on_delivery")?.on_delivery = Some(Arc::new(function));
        Ok(())
    }

    pub(crate) fn change_handlers(&self, change: impl FnOnce(&mut Handlers)) -> Result<()> {
        let mut life = self.0.not_started("a handler")?;
        change(Arc::make_mut(&mut life.handlers));
        Ok(())
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
            Err(error) => Call::failed(shared, "start", error),
            Ok(mut running) => Call::start(shared, "start", async move {
                let outcome = running.started.wait_for(Option::is_some).await.map(|started| started.clone());
                outcome.ok().flatten().unwrap_or_else(|| Err(bug())).map(|()| done())
            }),
        }
    }

    /// Stops: running handlers go on, what still arrives is handled while time is left, each socket closes as soon as
    /// no answer is owed on it. Legal anywhere and at any moment; the earliest deadline counts.
    pub fn stop(&self, patience: Duration) -> Call {
        let running = self.0.end(patience);
        Call::stop(&self.0.shared, async move {
            if let Some(mut running) = running {
                let _ = running.ended.wait_for(|ended| *ended).await;
            }
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
        if let Some(running) = life.run.as_ref().filter(|running| running.is_wanted()) {
            return Ok(running.clone());
        }
        if life.subscriptions.is_empty() {
            return Err(
                config("nothing is subscribed").hint("register a handler, or subscribe a kind, before the start")
            );
        }
        life.started = true;
        let before = life.run.as_ref().map(|running| running.ended.clone());
        let (stop, stop_seen) = watch::channel(None);
        let (started, started_seen) = watch::channel(None);
        let (ended, ended_seen) = watch::channel(false);
        let running = Running { stop, started: started_seen, ended: ended_seen };
        life.run = Some(running.clone());
        let shared = Arc::clone(&self.shared);
        let subscriptions: Arc<[_]> = life.subscriptions.as_slice().into();
        let on_delivery = life.on_delivery.clone();
        process.handle().spawn(async move {
            // A client that is started while it stops begins anew only after its last `stopped`.
            if let Some(mut before) = before {
                let _ = before.wait_for(|ended| *ended).await;
            }
            if let Some(function) = on_delivery {
                dispatch::start(shared.config.dispatchers, shared.id, &shared.queue, &function);
            }
            let run = Run { shared: Arc::clone(&shared), subscriptions, stop: stop_seen, started };
            if AssertUnwindSafe(supervise(run)).catch_unwind().await.is_err() {
                shared.set_failure(&bug());
                shared.finish();
            }
            ended.send_replace(true);
        });
        Ok(running)
    }

    fn end(&self, patience: Duration) -> Option<Running> {
        if self.shared.born.is_forked() {
            return None;
        }
        let running = self.life().run.clone()?;
        let deadline = Instant::now().checked_add(patience).unwrap_or_else(far_away);
        running.stop.send_modify(|stop| *stop = Some(stop.map_or(deadline, |earlier| earlier.min(deadline))));
        Some(running)
    }
}

impl Running {
    fn is_wanted(&self) -> bool {
        self.stop.borrow().is_none() && !*self.ended.borrow()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.shared.born.is_forked() {
            // The run belongs to the parent, and so do the locks behind it.
            let life = self.life.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
            std::mem::forget(life.run.take());
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
