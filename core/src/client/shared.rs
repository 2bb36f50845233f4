//! What a client's parts share.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::State;
use crate::call::Outcome;
use crate::config::Config;
use crate::delivery::Delivery;
use crate::error::Error;
use crate::log::{Level, Record};
use crate::queue::{Item, Queue, WeakQueue};
use crate::runtime::Born;
use crate::stream::Inbox;
use crate::tally::Tally;

/// What a client's deliveries, calls and connections share with it and outlive it with.
pub(crate) struct Shared {
    pub(crate) id: u64,
    pub(crate) source: u64,
    pub(crate) config: Config,
    /// Where logs go. Deliveries wait there too and hold this, so it must not hold them.
    pub(crate) queue: WeakQueue,
    pub(crate) inbox: Arc<Inbox>,
    /// Replies and the like that are under way: a stop waits for them.
    pub(crate) calls: Tally,
    pub(crate) born: Born,
    /// No lock, so that a forked child can ask.
    pub(super) state: AtomicU32,
}

impl Shared {
    /// Tells the application's logger; nothing is formatted that it did not ask for.
    pub(crate) fn log(&self, level: Level, target: &'static str, message: fmt::Arguments<'_>) {
        if level <= self.config.log_level
            && !self.born.is_forked()
            && let Some(queue) = self.queue.upgrade()
        {
            let record = Record { level, target, message: message.to_string() };
            queue.push(Item::Log { source: self.source, record });
        }
    }

    pub(crate) fn state(&self) -> State {
        State::from_number(self.state.load(Ordering::Acquire)).unwrap_or(State::Idle)
    }

    /// Enters a state and tells it; a state that did not change is not told again.
    pub(crate) fn enter(self: &Arc<Self>, queue: &Queue, state: State, mut told: Value) {
        if self.state.swap(state as u32, Ordering::AcqRel) != state as u32 {
            told["state"] = state.name().into();
            queue.push(Item::Delivery(Delivery::state(self, state.name(), told)));
        }
    }

    /// The last state of a run, and why it came by itself.
    pub(crate) fn finish(self: &Arc<Self>, queue: &Queue, failure: Option<&Error>) {
        self.enter(queue, State::Stopped, failure.map_or(json!({}), |error| json!({ "error": error.to_json() })));
    }
}

/// Counts a call of this client until it is over, however it ends, so that a stop waits for it.
pub(crate) fn counted<F: Future<Output = Outcome>>(
    shared: &Arc<Shared>,
    work: F,
) -> impl Future<Output = Outcome> + use<F> {
    struct Done(Arc<Shared>);
    impl Drop for Done {
        fn drop(&mut self) {
            self.0.calls.done();
        }
    }
    shared.calls.add();
    // Made here and not in the future: one that is cancelled before its first turn would never count down.
    let done = Done(Arc::clone(shared));
    async move {
        let _done = done;
        work.await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::client::Client;

    #[test]
    fn states_that_nobody_takes_are_bounded_and_the_latest_stay() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        for _ in 0..100 {
            client.0.shared.enter(client.queue(), State::Connecting, json!({}));
            client.0.shared.enter(client.queue(), State::Waiting, json!({}));
        }
        client.0.shared.enter(client.queue(), State::Stopped, json!({}));
        let mut items = Vec::new();
        client.queue().take(1000, Some(Duration::ZERO), &mut items).expect("not forked");
        assert_eq!(items.len(), 32);
        assert!(matches!(items.last(), Some(Item::Delivery(last)) if last.topic() == "stopped"));
    }
}
