//! The process-wide values, keyed by pid: one network thread, the ways to the network, one thread for callbacks.
//!
//! A forked child inherits the memory but not the threads. It must touch nothing that was born before the fork, and
//! gets values of its own at the first use. They are swapped without a lock, since a lock may have been held while the
//! parent forked.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};
use forkguard::Guard;
use once_cell::race::OnceBox;
use once_cell::sync::OnceCell;
use tokio::runtime::{Handle, Runtime};

use crate::dispatch::Callbacks;
use crate::error::{Error, ErrorKind, Result};
use crate::net::Networks;
use crate::openapi::Apps;
use crate::store::Stores;
use crate::stream::Sleeps;

/// What one process shares among all its clients. Never dropped: threads of the library end with the process.
pub(crate) struct Process {
    pid: u32,
    runtime: Runtime,
    networks: Networks,
    apps: Apps,
    stores: Stores,
    sleeps: OnceCell<Sleeps>,
    callbacks: OnceCell<Callbacks>,
}

const BLOCKING_THREADS: usize = 4;

static CURRENT: OnceBox<ArcSwap<&'static Process>> = OnceBox::new();

impl Process {
    /// The values of this process.
    pub(crate) fn current() -> Result<&'static Self> {
        let slot = CURRENT.get_or_try_init(|| Ok::<_, Error>(Box::new(ArcSwap::from_pointee(Self::new()?))))?;
        let seen = slot.load();
        if seen.pid == pid() {
            return Ok(**seen);
        }
        // Two threads of a child may both come here: the one that comes second takes what the first one made.
        let made = Arc::new(Self::new()?);
        let before = slot.compare_and_swap(&seen, Arc::clone(&made));
        Ok(if Arc::ptr_eq(&before, &seen) { *made } else { **before })
    }

    fn new() -> Result<&'static Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            // Only the name service blocks: a thousand clients that start at once must not become hundreds of threads.
            .max_blocking_threads(BLOCKING_THREADS)
            .thread_name("dingstream-net")
            .enable_all()
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Busy, format!("the network thread can't be started ({error})"))
                    .hint("check the limits of threads and open files")
            })?;
        let (sleeps, callbacks) = (OnceCell::new(), OnceCell::new());
        let made = Self {
            pid: pid(),
            runtime,
            networks: Networks::default(),
            apps: Apps::default(),
            stores: Stores::default(),
            sleeps,
            callbacks,
        };
        Ok(Box::leak(Box::new(made)))
    }

    /// The network thread.
    pub(crate) fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// The ways to the network.
    pub(crate) fn networks(&self) -> &Networks {
        &self.networks
    }

    /// The applications that call the OpenAPI.
    pub(crate) fn apps(&self) -> &Apps {
        &self.apps
    }

    /// What is counted and remembered.
    pub(crate) fn stores(&self) -> &Stores {
        &self.stores
    }

    /// Whether the machine sleeps.
    pub(crate) fn sleeps(&self) -> &Sleeps {
        self.sleeps.get_or_init(|| Sleeps::watch(self.handle()))
    }

    /// The thread that calls functions of the application.
    pub(crate) fn callbacks(&self) -> Result<&Callbacks> {
        self.callbacks.get_or_try_init(Callbacks::start)
    }
}

/// Which process this is: asked once and after each fork, for asking at each use of a delivery would cost a system call.
fn pid() -> u32 {
    static KNOWN: ArcSwapOption<(Guard, u32)> = ArcSwapOption::const_empty();
    let known = KNOWN.load();
    if let Some((guard, pid)) = known.as_deref()
        && !guard.clone().detected_fork()
    {
        return *pid;
    }
    let pid = std::process::id();
    KNOWN.store(Guard::try_new().ok().map(|guard| Arc::new((guard, pid))));
    pid
}

/// Remembers in which process a value was made.
#[derive(Debug, Clone, Copy)]
pub struct Born(u32);

impl Born {
    /// Made now, in this process.
    pub fn now() -> Self {
        Self(pid())
    }

    /// Whether the process has forked since, so that this is the child.
    pub fn is_forked(self) -> bool {
        self.0 != pid()
    }

    /// Refuses the use of `what` in a forked child.
    ///
    /// # Errors
    /// `forked` where it was made before the fork.
    pub fn check(self, what: &str) -> Result<()> {
        if !self.is_forked() {
            return Ok(());
        }
        let message = format!("the {what} was made in process {} and this is its child {}", self.0, pid());
        Err(Error::new(ErrorKind::Forked, message).hint("make a new client after the fork"))
    }
}
