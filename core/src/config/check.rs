//! What is refused when a client is made, so that it is not found out at night.

use std::time::Duration;

use super::Config;
use super::kinds::{OptionKind, wrong_type};
use crate::error::{Result, config};
use crate::net::{Proxies, Route, tls};
use crate::secret::Secret;
use crate::store::Place;

/// A heart that beats without a pause would keep a processor busy.
const SHORTEST_PING: Duration = Duration::from_millis(10);

impl Config {
    /// Trims what people paste, fills in what is not set, and refuses what can't work.
    pub(crate) fn checked(mut self) -> Result<Self> {
        self.client_id = self.client_id.trim().to_owned();
        self.client_secret = self.client_secret.expose().trim().into();
        for (name, empty) in
            [("client_id", self.client_id.is_empty()), ("client_secret", self.client_secret.expose().is_empty())]
        {
            if empty {
                return Err(config(format!("{name} is empty"))
                    .hint("copy it from the developer console, under credentials of the application"));
            }
        }
        self.check_bounds()?;
        if self.endpoint.is_empty() {
            self.endpoint = std::env::var("DINGSTREAM_ENDPOINT").unwrap_or_default();
        }
        let oapi = match self.oapi_endpoint.trim().trim_end_matches('/') {
            "" => String::new(),
            url => checked_url(url)?,
        };
        let (endpoint, preset) = match self.endpoint.trim().trim_end_matches('/') {
            "" | "china" => ("https://api.dingtalk.com".to_owned(), "https://oapi.dingtalk.com"),
            "oversea" => ("https://api.dingtalk.io".to_owned(), "https://oapi.dingtalk.com"),
            url => (checked_url(url)?, url),
        };
        self.oapi_endpoint = if oapi.is_empty() { preset.to_owned() } else { oapi };
        self.endpoint = endpoint;
        if self.robot_code.is_empty() {
            self.robot_code.clone_from(&self.client_id);
        }
        // Looked at now, so that a mistake shows when the client is made.
        self.route()?;
        self.api_route()?;
        self.place()?;
        tls::authorities(&self.ca_file)?;
        if self.ua.is_empty() {
            self.ua = concat!("dingstream-sdk-rust/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
        }
        Ok(self)
    }

    /// How connections reach the network.
    pub(crate) fn route(&self) -> Result<Route> {
        self.route_by("proxy", &self.proxy)
    }

    /// How calls reach the network.
    pub(crate) fn api_route(&self) -> Result<Route> {
        if self.api_proxy.expose().is_empty() { self.route() } else { self.route_by("api_proxy", &self.api_proxy) }
    }

    /// Where state is kept.
    pub(crate) fn place(&self) -> Result<Place> {
        Place::of(self.store, &self.store_dir)
    }

    fn route_by(&self, name: &str, proxy: &Secret) -> Result<Route> {
        let proxies = Proxies::from_option(name, proxy)?;
        Ok(Route { proxies, ca_file: self.ca_file.clone(), ipv4_only: self.ipv4_only })
    }

    /// Fields of a Rust program skip the reading of options.
    fn check_bounds(&self) -> Result<()> {
        let counts = [
            ("calls_a_second", self.calls_a_second),
            ("connections", self.connections),
            ("dedupe_bytes", self.dedupe_bytes),
            ("dedupe_count", self.dedupe_count),
            ("dispatchers", self.dispatchers),
            ("immediate_opens", self.immediate_opens),
            ("inbox_bytes", self.inbox_bytes),
            ("inbox_count", self.inbox_count),
            ("max_in_flight", self.max_in_flight),
            ("ping_attempts", self.ping_attempts),
        ];
        if let Some((name, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(wrong_type(name, OptionKind::Count));
        }
        for (name, time) in [("ping_after_ms", self.ping_after_ms), ("ping_timeout_ms", self.ping_timeout_ms)] {
            if time < SHORTEST_PING {
                return Err(config(format!("{name} is below {} ms", SHORTEST_PING.as_millis())));
            }
        }
        if self.bypass.iter().any(|prefix| prefix.trim().is_empty()) {
            return Err(config("bypass holds an empty text, which every message begins with"));
        }
        Ok(())
    }
}

fn checked_url(text: &str) -> Result<String> {
    let hint = "give china, oversea, or a URL such as http://127.0.0.1:8080";
    let url = url::Url::parse(text).map_err(|error| config(format!("the endpoint is no URL ({error})")).hint(hint))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(config("the endpoint is no http or https URL with a host").hint(hint));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_trimmed() {
        let config = Config::new(" id\n", " secret ").checked().expect("valid");
        assert_eq!((config.client_id.as_str(), config.client_secret.expose()), ("id", "secret"));
    }

    #[test]
    fn an_endpoint_that_is_no_url_is_refused() {
        let mut config = Config::new("id", "secret");
        config.endpoint = "ftp://x".to_owned();
        assert!(config.checked().is_err());
    }

    #[test]
    fn what_can_not_work_is_named() {
        let refused = |change: fn(&mut Config)| {
            let mut config = Config::new("id", "secret");
            change(&mut config);
            config.checked().expect_err("refused").to_string()
        };
        assert_eq!(refused(|config| config.connections = 0), "connections takes a whole number above zero");
        assert_eq!(refused(|config| config.ping_after_ms = Duration::ZERO), "ping_after_ms is below 10 ms");
        assert!(refused(|config| config.bypass = vec![" ".to_owned()]).starts_with("bypass holds an empty text"));
    }
}
