//! One run of a client, from its start to its stop, as everything that takes part in it sees it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::client::Shared;
use crate::config::Subscription;
use crate::error::Result;
use crate::queue::Queue;

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

/// Completes at the earliest deadline that was asked for, also where it is asked for meanwhile; earlier by `margin`, or by
/// half of what is left where that is less.
pub(super) async fn deadline(stop: &mut watch::Receiver<Option<Instant>>, margin: Duration) {
    loop {
        // A client that ends by itself waits for nobody.
        let Some(deadline) = *stop.borrow_and_update() else { return };
        let left = deadline.saturating_duration_since(Instant::now());
        tokio::select! {
            () = sleep_until(deadline - margin.min(left / 2)) => return,
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
