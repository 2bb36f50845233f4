//! A bot that also calls the OpenAPI all the time, for the benchmark of what that costs its connection.

use std::env;
use std::time::Duration;

use dingstream::{Answer, Client, Config, Host, Result};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::report;

/// Answers messages, and makes as many requests a second as the second argument says.
pub(crate) async fn requests() -> Result<()> {
    let a_second: u32 = env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(500);
    let mut config = Config::new("ding-demo", "demo-secret");
    config.answer_message = Answer::OnCompletion;
    config.calls_a_second = 10_000;
    let client = Client::new(config)?;
    client.on_message(|message| async move {
        report::count();
        let _ = message.text();
    })?;
    let calling = client.clone();
    let calls = tokio::spawn(async move {
        let mut ticks = interval(Duration::from_secs(1) / a_second);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        loop {
            ticks.tick().await;
            drop(calling.request("POST", Host::Api, "/v1.0/x", &[], Some(json!({ "queryWord": "ann" })), None));
        }
    });
    let ended = client.run().await;
    calls.abort();
    ended
}
