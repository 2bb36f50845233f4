//! One custom robot: its address, its signature, and the limit that it shares with everybody who sends through it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use reqwest::Method;
use url::Url;

use super::limit::{Limit, MARGIN, Turn};
use super::{answer, sign};
use crate::config::Secret;
use crate::error::{Error, Result, config};
use crate::net::{Network, Sending};
pub(super) use crate::store::now_ms;
use crate::store::{Kept, Key, State};

/// One robot.
pub(super) struct Robot {
    /// A secret: whoever knows it can send.
    url: Url,
    secret: Secret,
    limit: State<Limit>,
    /// How far DingTalk's clock is ahead of this machine's, as far as it is known.
    ahead_ms: AtomicI64,
}

impl Robot {
    pub(super) fn new(url: &str, secret: &Secret, store: &Kept) -> Result<Self> {
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
        let limit = State::new(store, Key::new("robot", &[clean.as_str()]));
        Ok(Self { limit, url: clean, secret, ahead_ms: AtomicI64::new(0) })
    }

    pub(super) async fn take(&self) -> Result<Turn> {
        self.limit.change(|limit| limit.take(now_ms())).await.map_err(|error| error.at("webhook"))
    }

    pub(super) async fn post(&self, network: &Network, body: &str, patience: Duration) -> Result<()> {
        let (ahead, began) = (self.ahead_ms.load(Ordering::Relaxed), now_ms());
        let url = sign::signed(&self.url, &self.secret, began.saturating_add_signed(ahead));
        let mut sending = Sending::new(Method::POST, patience);
        sending.body = Some(body.to_owned());
        let told = |error: Error| error.at("webhook").asked("POST", &self.url);
        let sent = network.transport.send(&url, sending).await;
        if now_ms() > began + MARGIN {
            self.limit.change(|limit| limit.arrived(began, now_ms())).await.map_err(told)?;
        }
        let response = sent.map_err(|failure| told(failure.error))?;
        let date = response.date.and_then(|date| date.duration_since(UNIX_EPOCH).ok());
        let skew = date.map(|date| now_ms() as i64 - date.as_millis() as i64);
        // A date is told in whole seconds, so less is no skew.
        if let Some(skew) = skew.filter(|skew| skew.abs() > 2000) {
            self.ahead_ms.store(-skew, Ordering::Relaxed);
        }
        let Err(refused) = answer::read(&response, skew) else { return Ok(()) };
        if refused.is_penalty {
            self.limit.change(|limit| limit.punish(now_ms())).await.map_err(told)?;
        }
        Err(told(refused.error))
    }
}
