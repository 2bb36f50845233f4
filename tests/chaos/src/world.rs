//! The platform, and the network in front of it.

use std::time::Duration;

use dingstream_faultproxy::{FaultProxy, Options as ProxyOptions};
use dingstream_simulator::{Options, Simulator};
use serde_json::{Value, json};

/// Records are read on the way, so few are kept: what the simulator remembers must not look like a leak.
const KEPT_RECORDS: usize = 2000;
/// So often an event comes again before it is given up, each time after a second that the run makes pass.
const REDELIVERIES: usize = 200;

pub(crate) struct World {
    pub(crate) proxy: FaultProxy,
    simulator: Simulator,
    http: reqwest::Client,
}

impl World {
    pub(crate) async fn start(seed: u64) -> Result<Self, String> {
        let simulator = Simulator::start(Options { seed, ..Options::default() }).map_err(|error| error.to_string())?;
        let upstream = simulator.url().replace("http://", "");
        let options = ProxyOptions { upstream, ..ProxyOptions::default() };
        let proxy = FaultProxy::start(options).map_err(|error| error.to_string())?;
        // Reqwest wants a TLS provider even for plain HTTP; an error says that there is one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().map_err(|error| error.to_string())?;
        let world = Self { proxy, simulator, http };
        let settings = json!({
            "endpointBase": world.proxy.url().replace("http", "ws"),
            "redeliveryMs": vec![1000; REDELIVERIES],
            "keptRecords": KEPT_RECORDS,
        });
        world.order("settings", settings).await?;
        Ok(world)
    }

    pub(crate) fn push(&self, push: Value) -> Result<Value, String> {
        self.simulator.push(push)
    }

    /// The platform's clock moves on.
    pub(crate) async fn advance(&self, time: Duration) -> Result<(), String> {
        self.order("clock", json!({"advance": time.as_millis()})).await.map(drop)
    }

    /// An order to the platform.
    pub(crate) async fn order(&self, what: &str, body: Value) -> Result<Value, String> {
        self.ask(self.http.post(self.control(what)).json(&body)).await
    }

    /// What the platform is like.
    pub(crate) async fn state(&self) -> Result<Value, String> {
        self.ask(self.http.get(self.control("state"))).await
    }

    /// The records from this number on, as soon as there is one of that kind, or the wait is over.
    pub(crate) async fn records(&self, kinds: &str, since: u64, wait: Duration) -> Result<Value, String> {
        let wait = wait.as_millis();
        self.ask(self.http.get(self.control(&format!("records?kind={kinds}&since={since}&count=1&wait={wait}")))).await
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Value, String> {
        let response = request.send().await.map_err(|error| error.to_string())?;
        let refused = response.status().is_client_error();
        let answer: Value = response.json().await.map_err(|error| error.to_string())?;
        if refused { Err(format!("the simulator refused an order: {answer}")) } else { Ok(answer) }
    }

    fn control(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.control_url())
    }
}
