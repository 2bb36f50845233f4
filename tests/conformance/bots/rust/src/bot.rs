//! Clients as every behaviour needs them: from the environment, telling their states.

use std::env;
use std::time::Duration;

use dingstream::{Answer, Client, Config, Ordering, Result};
use serde_json::{Map, Value, json};

use crate::report;

pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Messages are answered once they are settled, so that the answer shows what the handler did.
pub(crate) fn client() -> Result<Client> {
    on_completion(from_environment())
}

/// The same, and messages of one conversation overlap.
pub(crate) fn overlapping_client() -> Result<Client> {
    let mut config = from_environment();
    config.ordering = Ordering::None;
    on_completion(config)
}

/// With everything at its default.
pub(crate) fn plain_client() -> Result<Client> {
    made(from_environment())
}

pub(crate) fn client_of(id: &str, secret: &str) -> Result<Client> {
    on_completion(Config::new(id, secret))
}

fn from_environment() -> Config {
    let variable = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    Config::new(variable("DINGTALK_CLIENT_ID", "ding-demo"), variable("DINGTALK_CLIENT_SECRET", "demo-secret"))
}

fn on_completion(mut config: Config) -> Result<Client> {
    config.answer_message = Answer::OnCompletion;
    made(config)
}

/// What the scenario chose goes over what the behaviour did.
fn made(mut config: Config) -> Result<Client> {
    for (name, value) in chosen() {
        config.set(&name, &value)?;
    }
    let client = Client::new(config)?;
    client.on_state(|change| async move { report::line(&json!({ "state": change.state() })) })?;
    Ok(client)
}

fn chosen() -> Map<String, Value> {
    let told = env::var("DINGSTREAM_BOT_OPTIONS").unwrap_or_else(|_| "{}".to_owned());
    serde_json::from_str(&told).expect("DINGSTREAM_BOT_OPTIONS is a JSON object")
}
