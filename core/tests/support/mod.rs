//! What tests of clients share: a simulator of one's own, servers that misbehave, and waiting with a deadline.

#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod rogue;
pub(crate) mod server;

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dingstream::call::Outcome;
use dingstream::queue::Taken;
use dingstream::{Call, Client, Config, Delivery, Item, Kind, Queue, Result};
use dingstream_simulator::{DEMO_APP, Options, Simulator};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// How long an event may take before a test gives it up.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Longer than any test lasts.
pub(crate) const NEVER: Duration = Duration::from_secs(3600);

/// Between two looks at what no event tells.
const PAUSE: Duration = Duration::from_millis(2);

/// How a call of a test ends.
pub(crate) trait InTime {
    /// The outcome, which has to come before the deadline.
    fn in_time(&self) -> Outcome;
}

impl InTime for Call {
    fn in_time(&self) -> Outcome {
        self.wait(Some(DEADLINE)).expect("waiting").expect("in time")
    }
}

/// A simulator and what is needed to script it.
pub(crate) struct World {
    simulator: Simulator,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl World {
    pub(crate) fn new() -> Self {
        let simulator = Simulator::start(Options::default()).expect("the simulator starts");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let http = reqwest::Client::builder().no_proxy();
        // Only plain HTTP on loopback is spoken here, but a client without any TLS can't be built.
        let tls =
            rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_root_certificates(rustls::RootCertStore::empty())
                .with_no_client_auth();
        let http = http.tls_backend_preconfigured(tls).build().expect("a client");
        Self { simulator, http, runtime }
    }

    /// A configuration that subscribes nothing, for clients with handlers. Nothing is answered in a test's place, however
    /// slow the machine is.
    pub(crate) fn bare_config(&self) -> Config {
        let mut config = Config::new(DEMO_APP.0, DEMO_APP.1);
        config.endpoint = self.simulator.url();
        (config.answer_within_event_ms, config.answer_within_card_ms) = (NEVER, NEVER);
        config
    }

    /// A configuration that is subscribed to messages, events, cards and `/v1.0/x`.
    pub(crate) fn config(&self) -> Config {
        let mut config = self.bare_config();
        for (kind, topic) in [(Kind::Message, ""), (Kind::Event, ""), (Kind::Card, ""), (Kind::Other, "/v1.0/x")] {
            config.subscribe(kind, topic).expect("a valid subscription");
        }
        config
    }

    /// A client that is connected.
    pub(crate) fn connected(&self, config: Config) -> Client {
        let client = Client::new(config).expect("a valid configuration");
        client.start().in_time().expect("connected");
        client
    }

    /// An address of the simulator.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.url())
    }

    pub(crate) fn push(&self, request: Value) -> Value {
        self.simulator.push(request).expect("a valid push")
    }

    /// The first connection, which a push can name to go there although nobody subscribed its topic.
    pub(crate) fn connection(&self) -> Value {
        self.records("connect&status=101", 1).remove(0)["connection"].take()
    }

    /// Has a ping answered: whatever a client sent before on its only connection was recorded then.
    pub(crate) fn ping(&self) -> Value {
        let pushed = self.push(json!({ "kind": "system", "topic": "ping", "data": { "opaque": "o-1" } }));
        self.records(&format!("ping&messageId={}", id_of(&pushed)), 1).remove(0)
    }

    /// Breaks something, with what the control API says to that.
    pub(crate) fn breaks(&self, what: &str, mut how: Value) {
        how["what"] = what.into();
        self.control("break", how);
    }

    pub(crate) fn control(&self, path: &str, body: Value) {
        let url = format!("{}{path}", self.simulator.control_url());
        let request = self.http.post(url).header("content-type", "application/json").body(body.to_string());
        let status = self.runtime.block_on(request.send()).expect("the control API answers").status();
        assert!(status.is_success(), "{path} was refused with {status}");
    }

    /// Reads from the control API.
    pub(crate) fn look(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.simulator.control_url());
        let text = self.runtime.block_on(async { self.http.get(url).send().await?.text().await }).expect("an answer");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Waits for `count` records of a kind and returns them all.
    pub(crate) fn records(&self, kind: &str, count: usize) -> Vec<Value> {
        let wait = DEADLINE.as_millis();
        let answer = self.look(&format!("records?kind={kind}&count={count}&wait={wait}"));
        let records = answer["records"].as_array().cloned().unwrap_or_default();
        assert!(records.len() >= count, "{count} {kind} records were expected, {} came", records.len());
        records
    }

    /// The answer to a push.
    pub(crate) fn answer(&self, pushed: &Value) -> Value {
        self.records(&format!("answer&messageId={}", id_of(pushed)), 1).remove(0)
    }
}

fn id_of(pushed: &Value) -> &str {
    pushed["messageId"].as_str().expect("pushed")
}

/// A client whose handlers run, on a thread and a runtime of their own as in a program. Dropping it stops it.
pub(crate) struct Running {
    pub(crate) client: Client,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Running {
    /// A client that is connected.
    pub(crate) fn new(client: Client) -> Self {
        let running = client.clone();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(running.run())
        };
        let thread = Some(std::thread::spawn(run));
        let running = Self { client, thread };
        // The thread's start comes first: one that came during a stop would begin another run.
        wait_for("the run", || running.client.runs() > 0);
        running.client.start().in_time().expect("connected");
        running
    }

    /// Lets handlers finish.
    pub(crate) fn stop(mut self) {
        self.client.stop(DEADLINE).in_time().expect("stopped");
        self.thread.take().expect("stopped once").join().expect("run outlives its handlers").expect("run ends well");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.client.stop(Duration::ZERO));
    }
}

/// Gives a client handlers of messages that wait until the gate lets them pass, or is closed.
pub(crate) fn gated(client: &Client) -> Arc<Semaphore> {
    let gate = Arc::new(Semaphore::new(0));
    let wait = Arc::clone(&gate);
    let handler = move |_| {
        let wait = Arc::clone(&wait);
        async move {
            if let Ok(permit) = wait.acquire().await {
                permit.forget();
            }
        }
    };
    client.on_message(handler).expect("before the start");
    gate
}

/// Gives a client a handler of deliveries that blocks its thread at each message until the gate is dropped.
pub(crate) fn blocked(client: &Client) -> Sender<()> {
    let (gate, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let handler = move |delivery: Delivery| {
        if delivery.kind() == Kind::Message {
            let _ = wait.lock().map(|wait| wait.recv());
            delivery.ok(Value::Null).expect("settled");
        }
    };
    client.on_delivery(handler).expect("before the start");
    gate
}

/// Waits for what no event tells.
pub(crate) fn wait_for(what: &str, done: impl Fn() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !done() {
        assert!(Instant::now() < until, "{what} did not happen");
        std::thread::sleep(PAUSE);
    }
}

/// The next state of this name.
pub(crate) fn state(queue: &Queue, name: &str) -> Delivery {
    let until = Instant::now() + DEADLINE;
    let mut states = std::iter::repeat_with(|| item(queue, until)).filter_map(|item| match item {
        Item::Delivery(delivery) if delivery.kind() == Kind::State => Some(delivery),
        _ => None,
    });
    states.find(|state| state.topic() == name).expect("states go on")
}

/// The next log record that contains `part`.
pub(crate) fn told(queue: &Queue, part: &str) -> dingstream::log::Record {
    let until = Instant::now() + DEADLINE;
    let mut records = std::iter::repeat_with(|| item(queue, until)).filter_map(|item| match item {
        Item::Log { record, .. } => Some(record),
        _ => None,
    });
    records.find(|record| record.message.contains(part)).expect("records go on")
}

/// The log records and states that wait in a queue.
pub(crate) fn all_told(queue: &Queue) -> Vec<String> {
    let mut items = Vec::new();
    queue.take(usize::MAX, Some(Duration::ZERO), &mut items).expect("taking works");
    let told = items.iter().filter_map(|item| match item {
        Item::Log { record, .. } => Some(record.message.clone()),
        Item::Delivery(state) if state.kind() == Kind::State => Some(state.data().as_str().to_owned()),
        _ => None,
    });
    told.collect()
}

/// The next delivery that is no state.
pub(crate) fn next(queue: &Queue) -> Delivery {
    let until = Instant::now() + DEADLINE;
    loop {
        match item(queue, until) {
            Item::Delivery(delivery) if delivery.kind() != Kind::State => return delivery,
            _ => {}
        }
    }
}

/// The names of the states up to and including `last`.
pub(crate) fn states_until(queue: &Queue, last: &str) -> Vec<String> {
    let until = Instant::now() + DEADLINE;
    let mut seen: Vec<String> = Vec::new();
    while seen.last().is_none_or(|state| state != last) {
        if let Item::Delivery(delivery) = item(queue, until)
            && delivery.kind() == Kind::State
        {
            seen.push(delivery.topic().to_owned());
        }
    }
    seen
}

/// The next item of any kind.
pub(crate) fn item(queue: &Queue, until: Instant) -> Item {
    let mut items = Vec::new();
    let left = until.saturating_duration_since(Instant::now());
    let taken = queue.take(1, Some(left), &mut items).expect("taking works");
    assert_eq!(taken, Taken::Some, "nothing came in time");
    items.remove(0)
}

/// A text message from a conversation.
pub(crate) fn message(text: &str) -> Value {
    json!({ "kind": "message", "msgtype": "text", "text": text })
}
