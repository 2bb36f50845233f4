//! What a client's parts share.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use once_cell::sync::OnceCell;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::State;
use crate::call::Outcome;
use crate::card::{Journal, Sessions, recover};
use crate::config::Config;
use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind, Result};
use crate::log::{Level, Teller};
use crate::net::Network;
use crate::openapi::{App, Identity};
use crate::queue::{Item, Queue, WeakQueue};
use crate::runtime::{Born, Process};
use crate::stats::{Counters, Highest, Stats, millis};
use crate::stream::{Identifier, Inbox};
use crate::tally::Tally;

/// What a client's deliveries, calls and connections share with it and outlive it with.
pub(crate) struct Shared {
    pub(crate) id: u64,
    pub(crate) source: u64,
    pub(crate) config: Config,
    pub(crate) teller: Arc<Teller>,
    pub(crate) inbox: Inbox,
    pub(crate) identifier: Identifier,
    pub(crate) stats: Counters,
    pub(crate) slowest_answer: Highest,
    /// Milliseconds from `made` to the last frame; 0 before the first.
    last_frame: Highest,
    made: Instant,
    /// Sockets that are open.
    pub(crate) connections: Tally,
    /// Replies and the like that are under way: a stop waits for them.
    pub(crate) calls: Tally,
    /// Card sessions that are open: a stop ends them.
    pub(crate) sessions: Sessions,
    journal: OnceCell<Option<Arc<Journal>>>,
    pub(crate) born: Born,
    network: OnceCell<Arc<Network>>,
    app: OnceCell<Arc<App>>,
    /// No lock, so that a forked child can ask.
    state: AtomicU32,
}

impl Shared {
    pub(super) fn new(id: u64, source: u64, config: Config, queue: WeakQueue) -> Self {
        Self {
            id,
            source,
            inbox: Inbox::new(&config),
            identifier: Identifier::new(&config),
            stats: Counters::default(),
            slowest_answer: Highest::default(),
            last_frame: Highest::default(),
            made: Instant::now(),
            teller: Arc::new(Teller {
                queue,
                source,
                level: config.log_level,
                app: config.client_id.clone(),
                born: Born::now(),
            }),
            config,
            connections: Tally::default(),
            calls: Tally::default(),
            sessions: Sessions::default(),
            journal: OnceCell::new(),
            born: Born::now(),
            network: OnceCell::new(),
            app: OnceCell::new(),
            state: AtomicU32::new(State::Idle as u32),
        }
    }

    /// The way of connections to the network.
    pub(crate) fn network(&self) -> Result<&Arc<Network>> {
        self.network.get_or_try_init(|| Process::current()?.networks().by(&self.config.route()?))
    }

    /// The application towards the OpenAPI, the same for all clients of it in this process.
    pub(crate) fn app(&self) -> Result<&Arc<App>> {
        self.app.get_or_try_init(|| {
            let (process, config) = (Process::current()?, &self.config);
            let identity = Identity {
                client_id: config.client_id.clone(),
                client_secret: config.client_secret.clone(),
                api: config.endpoint.clone(),
                oapi: config.oapi_endpoint.clone(),
                route: config.api_route()?,
                place: config.place()?,
                calls_a_second: config.calls_a_second,
                patience: config.request_timeout_ms,
            };
            let (route, store) = (identity.route.clone(), process.stores().at(&identity.place, &self.teller));
            process.apps().by(identity, &store, || process.networks().by(&route))
        })
    }

    /// Where card sessions are noted, if anywhere; what an earlier run left open there is ended when it is first asked for.
    pub(crate) fn journal(self: &Arc<Self>) -> Result<Option<&Arc<Journal>>> {
        let opened = self.journal.get_or_try_init(|| match self.config.card_journal.as_str() {
            "" => Ok(None),
            path => {
                let journal = Arc::new(Journal::open(Path::new(path))?);
                drop(recover(self, &journal));
                Ok(Some(journal))
            }
        });
        opened.map(Option::as_ref)
    }

    /// A frame came.
    pub(crate) fn heard(&self, now: Instant) {
        self.stats.frames.one();
        self.last_frame.saw(self.clock(now));
    }

    /// A moment in milliseconds from the client's making on, and never 0.
    pub(crate) fn clock(&self, now: Instant) -> u64 {
        millis(now.duration_since(self.made)).max(1)
    }

    /// The moment that [`clock`](Self::clock) told.
    pub(crate) fn instant(&self, clock: u64) -> Instant {
        self.made + Duration::from_millis(clock)
    }

    pub(crate) fn has_received_nothing(&self) -> bool {
        let stats = self.stats.read();
        stats.messages + stats.cards + stats.events + stats.others == 0
    }

    /// What was counted, and what is held now.
    pub(super) fn snapshot(&self) -> Stats {
        let (held, last_frame) = (self.inbox.look(), self.last_frame.read());
        let age = if last_frame == 0 { 0 } else { millis(self.made.elapsed()).saturating_sub(last_frame) };
        Stats {
            connections: self.connections.count() as u64,
            waiting: held.waiting as u64,
            in_flight: held.in_flight as u64,
            inbox_bytes: held.bytes as u64,
            queued: self.teller.queue.upgrade().map_or(0, |queue| queue.len()) as u64,
            remembered: held.remembered.0 as u64,
            remembered_bytes: held.remembered.1 as u64,
            calls_in_flight: self.calls.count() as u64,
            last_frame_age_ms: age,
            answer_ms_max: self.slowest_answer.read(),
            ..self.stats.read()
        }
    }

    /// Tells the application's logger.
    pub(crate) fn log(&self, level: Level, target: &'static str, message: fmt::Arguments<'_>) {
        self.teller.log(level, target, message);
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
    shared.stats.calls.one();
    // Made here and not in the future: one that is cancelled before its first turn would never count down.
    let done = Done(Arc::clone(shared));
    async move {
        let outcome = work.await;
        if let Err(error) = &outcome {
            done.0.stats.failed_calls.one();
            if error.kind() == ErrorKind::Throttled {
                done.0.stats.throttled.one();
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[test]
    fn states_that_nobody_takes_are_bounded_and_the_latest_stay() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        for _ in 0..100 {
            client.shared().enter(client.queue(), State::Connecting, json!({}));
            client.shared().enter(client.queue(), State::Waiting, json!({}));
        }
        client.shared().enter(client.queue(), State::Stopped, json!({}));
        let mut items = Vec::new();
        client.queue().take(1000, Some(Duration::ZERO), &mut items).expect("not forked");
        assert_eq!(items.len(), 32);
        assert!(matches!(items.last(), Some(Item::Delivery(last)) if last.topic() == "stopped"));
    }
}
