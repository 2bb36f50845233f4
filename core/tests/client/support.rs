//! A client against a simulator of its own.

use std::time::{Duration, Instant};

use dingstream::call::Outcome;
use dingstream::queue::Taken;
use dingstream::{Call, Client, Config, Delivery, Item, Kind, Queue};
use dingstream_simulator::{DEMO_APP, Options, Simulator};
use serde_json::{Value, json};

/// How long an event may take before a test gives it up.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

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

    /// A configuration that is subscribed to messages, events, cards and `/v1.0/x`.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new(DEMO_APP.0, DEMO_APP.1);
        config.endpoint = self.simulator.url();
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

    pub(crate) fn push(&self, request: Value) -> Value {
        self.simulator.push(request).expect("a valid push")
    }

    pub(crate) fn control(&self, path: &str, body: Value) {
        let url = format!("{}{path}", self.simulator.control_url());
        let request = self.http.post(url).header("content-type", "application/json").body(body.to_string());
        let status = self.runtime.block_on(request.send()).expect("the control API answers").status();
        assert!(status.is_success(), "{path} was refused with {status}");
    }

    /// Waits for `count` records of a kind and returns them all.
    pub(crate) fn records(&self, kind: &str, count: usize) -> Vec<Value> {
        let wait = DEADLINE.as_millis();
        let url = format!("{}records?kind={kind}&count={count}&wait={wait}", self.simulator.control_url());
        let text = self.runtime.block_on(async { self.http.get(url).send().await?.text().await }).expect("an answer");
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        let records = answer["records"].as_array().cloned().unwrap_or_default();
        assert!(records.len() >= count, "{count} {kind} records were expected, {} came", records.len());
        records
    }

    /// The answer to a push.
    pub(crate) fn answer(&self, pushed: &Value) -> Value {
        let id = pushed["messageId"].as_str().expect("pushed").to_owned();
        self.records(&format!("answer&messageId={id}"), 1).remove(0)
    }
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
