//! What a test may set about the platform's behaviour.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::card::StreamRule;
use crate::networks;
use crate::patch::merge;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) ping_ms: u64,
    pub(crate) silence_ms: u64,
    pub(crate) answer_timeout_ms: u64,
    pub(crate) click_timeout_ms: u64,
    pub(crate) redelivery_ms: Vec<u64>,
    pub(crate) hard_tickets: bool,
    pub(crate) endpoint_base: Option<String>,
    pub(crate) endpoint_path: String,
    pub(crate) clock_skew_ms: i64,
    pub(crate) egress_ip: Ipv4Addr,
    pub(crate) ip_whitelist: Option<Vec<String>>,
    pub(crate) calls_in_20s: usize,
    pub(crate) qps: usize,
    pub(crate) monthly_quota: Option<usize>,
    pub(crate) denied_scopes: BTreeMap<String, Vec<String>>,
    pub(crate) robot_codes: Vec<String>,
    pub(crate) known_users: Option<Vec<String>>,
    pub(crate) flow_controlled_users: Vec<String>,
    pub(crate) known_conversations: Option<Vec<String>>,
    pub(crate) download_redirects: u32,
    pub(crate) robot_throttle: i64,
    pub(crate) string_errcodes: bool,
    pub(crate) card_value_bytes: usize,
    pub(crate) card_stream_rule: StreamRule,
    pub(crate) card_stream_total: usize,
    pub(crate) failed_spaces: Vec<String>,
    pub(crate) kept_records: usize,
    pub(crate) seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_ms: 30_000,
            silence_ms: 10_000,
            answer_timeout_ms: 3_000,
            click_timeout_ms: 2_000,
            redelivery_ms: vec![10_000, 30_000],
            hard_tickets: false,
            endpoint_base: None,
            endpoint_path: "/connect".to_owned(),
            clock_skew_ms: 0,
            egress_ip: Ipv4Addr::LOCALHOST,
            ip_whitelist: None,
            calls_in_20s: 10_000,
            qps: 20,
            monthly_quota: None,
            denied_scopes: BTreeMap::new(),
            robot_codes: Vec::new(),
            known_users: None,
            flow_controlled_users: Vec::new(),
            known_conversations: None,
            download_redirects: 0,
            robot_throttle: 410_100,
            string_errcodes: false,
            card_value_bytes: 1_024,
            card_stream_rule: StreamRule::Loose,
            card_stream_total: 3_000,
            failed_spaces: Vec::new(),
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

    /// Why they make no sense, if so.
    fn check(&self) -> Result<(), String> {
        if !self.endpoint_path.starts_with('/') {
            return Err("endpointPath must begin with a slash".to_owned());
        }
        let bare = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@']);
        if self.endpoint_base.is_some() && !self.base_host().is_some_and(bare) {
            return Err("endpointBase is ws:// or wss:// and a host, and nothing else".to_owned());
        }
        if ![410_100, 130_101].contains(&self.robot_throttle) {
            return Err("robotThrottle is 410100 or 130101".to_owned());
        }
        networks::parse(self.ip_whitelist.as_deref().unwrap_or_default()).map(|_| ())
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
        settings.check()?;
        self.current.send_replace(settings.clone());
        Ok(settings)
    }
}
