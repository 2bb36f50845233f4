//! What a client's parts share.

use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use super::State;
use crate::call::Outcome;
use crate::config::Config;
use crate::delivery::Delivery;
use crate::error::Error;
use crate::log::{Level, Record};
use crate::queue::{Item, Queue};
use crate::runtime::Born;
use crate::stream::Inbox;
use crate::tally::Tally;

/// What a client's deliveries, calls and connections share with it and outlive it with.
pub(crate) struct Shared {
    pub(crate) id: u64,
    pub(crate) source: u64,
    pub(crate) config: Config,
    pub(crate) queue: Queue,
    pub(crate) inbox: Arc<Inbox>,
    /// Replies and the like that are under way: a stop waits for them.
    pub(crate) calls: Tally,
    pub(crate) born: Born,
    pub(super) state: Mutex<(State, Option<Error>)>,
}

impl Shared {
    pub(crate) fn log(&self, level: Level, target: &'static str, message: String) {
        if level <= self.config.log_level {
            self.queue.push(Item::Log { source: self.source, record: Record { level, target, message } });
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, (State, Option<Error>)> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Enters a state and tells it; a state that did not change is not told again.
    pub(crate) fn enter(self: &Arc<Self>, state: State, mut told: Value) {
        {
            let mut current = self.state();
            if current.0 == state {
                return;
            }
            current.0 = state;
        }
        told["state"] = state.name().into();
        self.queue.push(Item::Delivery(Delivery::state(self, state.name(), told)));
    }

    /// Remembers why the client is about to stop by itself.
    pub(crate) fn set_failure(&self, error: &Error) {
        self.state().1 = Some(error.clone());
    }

    /// The last state of a run.
    pub(crate) fn finish(self: &Arc<Self>) {
        let failure = self.state().1.take();
        self.enter(State::Stopped, failure.map_or(json!({}), |error| json!({ "error": error.to_json() })));
    }
}

/// How a call of this client ended, counted so that a stop waits for it.
pub(crate) async fn counted(shared: Arc<Shared>, work: impl Future<Output = Outcome>) -> Outcome {
    struct Done(Arc<Shared>);
    impl Drop for Done {
        fn drop(&mut self) {
            self.0.calls.done();
        }
    }
    let _done = Done(shared);
    work.await
}
