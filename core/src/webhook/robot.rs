//! One custom robot: its address, its signature, and the limit that it shares with everybody who sends through it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Method;
use url::Url;

use super::limit::{Limit, Turn};
use super::{answer, sign};
use crate::config::Secret;
use crate::error::{Error, Result, config};
use crate::net::{Network, Sending};

/// The limits of a process's robots, which outlive whoever sends through them.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<u64, Arc<Mutex<Limit>>>>);

impl Limits {
    fn of(&self, address: &Url) -> Arc<Mutex<Limit>> {
        let mut hasher = DefaultHasher::new();
        address.as_str().hash(&mut hasher);
        let mut limits = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(limits.entry(hasher.finish()).or_default())
    }
}

/// One robot.
pub(super) struct Robot {
    /// A secret: whoever knows it can send.
    url: Url,
    secret: Secret,
    limit: Arc<Mutex<Limit>>,
    /// How far DingTalk's clock is ahead of this machine's, as far as it is known.
    ahead_ms: AtomicI64,
}

impl Robot {
    pub(super) fn new(url: &str, secret: &Secret, limits: &Limits) -> Result<Self> {
        let wrong = || {
            config("the webhook's address is no http or https URL with an access_token")
                .hint("copy it from the group's settings: https://oapi.dingtalk.com/robot/send?access_token=…")
        };
        let parsed = Url::parse(url).map_err(|_| wrong())?;
        let has_token = parsed.query_pairs().any(|(name, value)| name == "access_token" && !value.is_empty());
        if !matches!(parsed.scheme(), "http" | "https") || !has_token {
            return Err(wrong());
        }
        let clean = sign::signed(&parsed, &Secret::default(), 0);
        let secret = secret.expose().trim().into();
        Ok(Self { limit: limits.of(&clean), url: clean, secret, ahead_ms: AtomicI64::new(0) })
    }

    pub(super) fn take(&self, now: u64) -> Result<Turn> {
        Ok(self.limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take(now))
    }

    pub(super) async fn post(&self, network: &Network, body: &str, patience: Duration) -> Result<()> {
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        let url = sign::signed(&self.url, &self.secret, now_ms().saturating_add_signed(ahead));
        let mut sending = Sending::new(Method::POST, patience);
        sending.body = Some(body.to_owned());
        let told = |error: Error| error.at("webhook").asked("POST", &self.url);
        let response = network.transport.send(&url, sending).await.map_err(|failure| told(failure.error))?;
        let date = response.date.and_then(|date| date.duration_since(UNIX_EPOCH).ok());
        let skew = date.map(|date| now_ms() as i64 - date.as_millis() as i64);
        // A date is told in whole seconds, so less is no skew.
        if let Some(skew) = skew.filter(|skew| skew.abs() > 2000) {
            self.ahead_ms.store(-skew, Ordering::Relaxed);
        }
        answer::read(&response, skew).map_err(|refused| {
            if refused.is_penalty {
                self.limit.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).punish(now_ms());
            }
            told(refused.error)
        })
    }
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as u64)
}
