//! An access token: fetched once however many ask, renewed before it ends, fetched anew when DingTalk no longer takes it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::Secret;
use crate::error::Result;
use crate::store::{State, now_ms};

/// A token is renewed so long before its end, and by up to as much again, so that machines do not come together.
const EARLY: Duration = Duration::from_secs(300);
/// What another process may need beyond its request.
const SLACK: Duration = Duration::from_secs(1);

/// A token and when it ends.
pub(crate) struct Granted {
    pub(crate) token: Secret,
    pub(crate) lasts: Duration,
}

/// The token of one application, or of one organisation's use of it.
pub(crate) struct Token {
    held: State<Option<Held>>,
    /// How long whoever fetches may take.
    patience: Duration,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Held {
    #[serde(with = "kept")]
    token: Secret,
    /// In milliseconds since 1970.
    renew: u64,
}

impl Token {
    /// `request` is how long one request may take.
    pub(crate) fn new(held: State<Option<Held>>, request: Duration) -> Self {
        Self { held, patience: request + SLACK }
    }

    /// The token, from `fetch` where there is none that lasts. Whoever asks meanwhile waits for the same one; where
    /// another process fetches it, no longer than a request may take.
    pub(crate) async fn get(&self, fetch: impl Future<Output = Result<Granted>>) -> Result<Secret> {
        let mut held = self.held.lock(self.patience).await?;
        if let Some(held) = held.as_ref().filter(|held| now_ms() < held.renew) {
            return Ok(held.token.clone());
        }
        let granted = fetch.await?;
        let early = EARLY.mul_f64(1.0 + fastrand::f64()).min(granted.lasts / 2);
        let renew = now_ms() + (granted.lasts - early).as_millis() as u64;
        *held = Some(Held { token: granted.token.clone(), renew });
        held.save()?;
        Ok(granted.token)
    }

    /// DingTalk no longer takes this one. Another one that was fetched meanwhile stays.
    pub(crate) async fn forget(&self, token: &Secret) -> Result<()> {
        let mut held = self.held.lock(self.patience).await?;
        held.take_if(|held| held.token == *token);
        held.save()
    }
}

/// How a token is kept, which is the one place that writes it down.
mod kept {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::config::Secret;

    pub(super) fn serialize<S: Serializer>(token: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(token.expose())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        String::deserialize(from).map(Secret::from)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    fn alone() -> Token {
        Token::new(State::alone(), Duration::from_secs(10))
    }

    async fn fetch(count: &AtomicUsize) -> Result<Granted> {
        let number = count.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Ok(Granted { token: format!("token-{number}").into(), lasts: Duration::from_secs(7200) })
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_ask_it_is_fetched_once() {
        let (token, count) = (alone(), AtomicUsize::new(0));
        let got = join_all((0..100).map(|_| token.get(fetch(&count)))).await;
        assert!(got.iter().all(|got| got.as_ref().expect("granted").expose() == "token-0"));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_renewed_before_its_end_and_not_long_before() {
        let (token, count) = (alone(), AtomicUsize::new(0));
        token.get(fetch(&count)).await.expect("granted");
        tokio::time::advance(Duration::from_secs(6500)).await;
        token.get(fetch(&count)).await.expect("granted");
        assert_eq!(count.load(Ordering::SeqCst), 1);
        tokio::time::advance(Duration::from_secs(500)).await;
        token.get(fetch(&count)).await.expect("granted");
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_token_that_was_refused_is_forgotten() {
        let (token, count) = (alone(), AtomicUsize::new(0));
        let first = token.get(fetch(&count)).await.expect("granted");
        token.forget(&first).await.expect("kept");
        token.forget(&first).await.expect("kept");
        let second = token.get(fetch(&count)).await.expect("granted");
        token.forget(&first).await.expect("kept");
        assert_eq!(token.get(fetch(&count)).await.expect("granted"), second);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn what_is_kept_holds_the_token_and_no_dump_shows_it() {
        let held = Held { token: "planted".into(), renew: 7 };
        assert!(!format!("{held:?}").contains("planted"));
        let kept = serde_json::to_string(&held).expect("JSON");
        assert_eq!(serde_json::from_str::<Held>(&kept).expect("the same").token, held.token);
    }
}
