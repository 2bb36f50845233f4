//! The client under test, with handlers that settle as chance has it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use dingstream::{Answer, Client, Config, Delivery, Result, State, Stats};
use dingstream_simulator::DEMO_APP;
use fastrand::Rng;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::DEADLINE;
use crate::history::{History, Outcome};

/// Slow handlers take longer than an event may wait for its answer, the others as good as nothing.
const SLOW: Duration = Duration::from_millis(150);
const ANSWER_WITHIN: Duration = Duration::from_millis(100);
const QUICK_MS: u64 = 5;

pub(crate) struct Bot {
    client: Client,
    pub(crate) history: Arc<History>,
    running: JoinHandle<Result<()>>,
}

impl Bot {
    pub(crate) fn start(seed: u64, url: String) -> Result<Self> {
        let client = Client::new(config(url))?;
        let history = Arc::new(History::default());
        let kept = Arc::clone(&history);
        client.on_event(move |event| {
            let (history, id) = (Arc::clone(&kept), event.event_id().unwrap_or_default().into_owned());
            async move { handle(seed, &history, id, &event).await }
        })?;
        let kept = Arc::clone(&history);
        client.on_message(move |message| {
            let (history, id) = (Arc::clone(&kept), message.msg_id().unwrap_or_default().into_owned());
            async move { handle(seed, &history, id, &message).await }
        })?;
        let own = client.clone();
        let running = tokio::spawn(async move { own.run().await });
        Ok(Self { client, history, running })
    }

    /// Whether it has a connection, as far as it knows.
    pub(crate) fn is_connected(&self) -> bool {
        self.client.state() == State::Open
    }

    pub(crate) fn stats(&self) -> Stats {
        self.client.stats()
    }

    /// Ends it; what it counted.
    pub(crate) async fn stop(self) -> std::result::Result<Stats, String> {
        self.client.stop(DEADLINE).await.map_err(|error| error.to_string())?;
        self.running.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        Ok(self.client.stats())
    }
}

/// As short as the run needs it: a budget that never ends, pauses and patience far below those of a real network.
fn config(url: String) -> Config {
    let mut config = Config::new(DEMO_APP.0, DEMO_APP.1);
    config.endpoint = url;
    config.connections = 2;
    config.immediate_opens = 100_000;
    config.backoff_max_ms = Duration::from_millis(20);
    config.open_timeout_ms = Duration::from_millis(500);
    config.handshake_timeout_ms = Duration::from_millis(500);
    config.ping_after_ms = Duration::from_millis(200);
    config.ping_timeout_ms = Duration::from_millis(100);
    config.ping_attempts = 2;
    config.answer_message = Answer::OnCompletion;
    config.answer_within_event_ms = ANSWER_WITHIN;
    config
}

/// Chance is drawn from what is handled and not from when, so that a seed decides the same in every run.
async fn handle(seed: u64, history: &History, id: String, delivery: &Delivery) {
    let run = history.begin(&id);
    let mut hasher = DefaultHasher::new();
    (seed, &id, run).hash(&mut hasher);
    let mut rng = Rng::with_seed(hasher.finish());
    sleep(if rng.u8(..100) < 2 { SLOW } else { Duration::from_millis(rng.u64(..=QUICK_MS)) }).await;
    let outcome = match rng.u8(..100) {
        ..70 => Outcome::Ok,
        70..85 => Outcome::Later,
        85.. => Outcome::Fail,
    };
    history.settle(&id, run, outcome);
    // What the claims are made of is what the library does with it; an error here would show there.
    let _ = match outcome {
        Outcome::Ok => delivery.ok(Value::Null),
        Outcome::Later => delivery.later("not now"),
        Outcome::Fail => delivery.fail("not at all"),
    };
}
