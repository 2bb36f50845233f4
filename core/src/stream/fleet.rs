//! What the lanes of a run share: the sockets that are open, and the budget for opening more at once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::backoff::Budget;
use super::connection::Connection;
use super::reader::{Leaving, serve};
use super::run::Run;
use super::socket::Socket;
use crate::client::Shared;
use crate::log::Level;
use crate::tally::Tally;

/// A connection that was lost sooner, and brought nothing, did not work.
const SHORT_LIFE: Duration = Duration::from_secs(10);
/// How many of those in a row are told.
const SHORT_LIVES: u32 = 5;

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
pub(super) struct Sockets {
    pub(super) connections: Vec<Arc<Connection>>,
    pub(super) tasks: JoinSet<()>,
}

impl Fleet {
    pub(super) fn new(immediate_opens: usize, sleeps: watch::Receiver<u64>) -> Self {
        Self {
            sleeps,
            lanes_open: Tally::default(),
            budget: Mutex::new(Budget::new(immediate_opens)),
            short_lives: AtomicU32::new(0),
            sockets: Mutex::default(),
        }
    }

    pub(super) fn serve(&self, run: &Run, socket: Socket) -> (Arc<Connection>, oneshot::Receiver<Leaving>) {
        let mut sockets = self.sockets();
        sockets.connections.retain(|connection| !connection.is_closed());
        while sockets.tasks.try_join_next().is_some() {}
        let (connection, leaving) = serve(run, self.sleeps.clone(), socket, &mut sockets.tasks);
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

    /// Hands over the sockets, at the end.
    pub(super) fn take_sockets(&self) -> Sockets {
        std::mem::take(&mut *self.sockets())
    }

    fn sockets(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::config::Config;
    use crate::stream::told::told;

    #[test]
    fn connections_that_die_at_once_are_told_once_an_episode() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        let (_, sleeps) = watch::channel(0);
        let fleet = Fleet::new(1, sleeps);
        let lives = |count: u32, lived, has_brought| {
            (0..count).for_each(|_| fleet.tell_short_lived(client.shared(), Duration::from_secs(lived), has_brought));
            told(&client).len()
        };
        assert_eq!((lives(4, 1, false), lives(1, 1, false), lives(20, 1, false)), (0, 1, 0));
        assert_eq!((lives(1, 1, true), lives(1, 3600, false), lives(4, 1, false), lives(1, 1, false)), (0, 0, 0, 1));
    }
}
