//! What a test may set about the platform's behaviour.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::patch::merge;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) ping_ms: u64,
    pub(crate) silence_ms: u64,
    pub(crate) answer_timeout_ms: u64,
    pub(crate) redelivery_ms: Vec<u64>,
    pub(crate) hard_tickets: bool,
    pub(crate) endpoint_base: Option<String>,
    pub(crate) endpoint_path: String,
    pub(crate) kept_records: usize,
    pub(crate) seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_ms: 30_000,
            silence_ms: 10_000,
            answer_timeout_ms: 3_000,
            redelivery_ms: vec![10_000, 30_000],
            hard_tickets: false,
            endpoint_base: None,
            endpoint_path: "/connect".to_owned(),
            kept_records: 50_000,
            seed: 1,
        }
    }
}

impl Settings {
    /// The host, and port, of `endpointBase`.
    pub(crate) fn base_host(&self) -> Option<&str> {
        let base = self.endpoint_base.as_deref()?;
        base.strip_prefix("ws://").or_else(|| base.strip_prefix("wss://"))
    }
}

#[derive(Debug)]
pub(crate) struct CurrentSettings {
    current: watch::Sender<Settings>,
    initial: Settings,
}

impl CurrentSettings {
    pub(crate) fn new(seed: u64) -> Self {
        let initial = Settings { seed, ..Settings::default() };
        Self { current: watch::Sender::new(initial.clone()), initial }
    }

    pub(crate) fn get(&self) -> Settings {
        self.current.borrow().clone()
    }

    pub(crate) fn kept_records(&self) -> usize {
        self.current.borrow().kept_records
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Settings> {
        self.current.subscribe()
    }

    pub(crate) fn reset(&self) {
        self.current.send_replace(self.initial.clone());
    }

    pub(crate) fn merge(&self, patch: &Value) -> Result<Settings, String> {
        let mut value = serde_json::to_value(self.get()).map_err(|error| error.to_string())?;
        merge(&mut value, patch);
        let settings: Settings = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if !settings.endpoint_path.starts_with('/') {
            return Err("endpointPath must begin with a slash".to_owned());
        }
        let bare = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@']);
        if settings.endpoint_base.is_some() && !settings.base_host().is_some_and(bare) {
            return Err("endpointBase is ws:// or wss:// and a host, and nothing else".to_owned());
        }
        self.current.send_replace(settings.clone());
        Ok(settings)
    }
}
