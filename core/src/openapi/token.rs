//! An access token: fetched once however many ask, renewed before it ends, fetched anew when DingTalk no longer takes it.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::config::Secret;
use crate::error::Result;

/// A token is renewed so long before its end, and by up to as much again, so that processes do not come together.
const EARLY: Duration = Duration::from_secs(300);

/// A token and when it ends.
pub(crate) struct Granted {
    pub(crate) token: Secret,
    pub(crate) lasts: Duration,
}

/// The token of one application, or of one organisation's use of it.
#[derive(Default)]
pub(crate) struct Token(Mutex<Option<Held>>);

struct Held {
    token: Secret,
    renew: Instant,
}

impl Token {
    /// The token, from `fetch` where there is none that lasts. Whoever asks meanwhile waits for the same one.
    pub(crate) async fn get(&self, fetch: impl Future<Output = Result<Granted>>) -> Result<Secret> {
        let mut held = self.0.lock().await;
        if let Some(held) = held.as_ref().filter(|held| Instant::now() < held.renew) {
            return Ok(held.token.clone());
        }
        let granted = fetch.await?;
        let early = EARLY.mul_f64(1.0 + fastrand::f64()).min(granted.lasts / 2);
        let fresh = Held { token: granted.token, renew: Instant::now() + granted.lasts - early };
        Ok(held.insert(fresh).token.clone())
    }

    /// DingTalk no longer takes this one. Another one that was fetched meanwhile stays.
    pub(crate) async fn forget(&self, token: &Secret) {
        let mut held = self.0.lock().await;
        if held.as_ref().is_some_and(|held| held.token == *token) {
            *held = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;

    async fn fetch(count: &AtomicUsize) -> Result<Granted> {
        let number = count.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Ok(Granted { token: format!("token-{number}").into(), lasts: Duration::from_secs(7200) })
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_ask_it_is_fetched_once() {
        let (token, count) = (Token::default(), AtomicUsize::new(0));
        let got = join_all((0..100).map(|_| token.get(fetch(&count)))).await;
        assert!(got.iter().all(|got| got.as_ref().expect("granted").expose() == "token-0"));
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_renewed_before_its_end_and_not_long_before() {
        let (token, count) = (Token::default(), AtomicUsize::new(0));
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
        let (token, count) = (Token::default(), AtomicUsize::new(0));
        let first = token.get(fetch(&count)).await.expect("granted");
        token.forget(&first).await;
        token.forget(&first).await;
        let second = token.get(fetch(&count)).await.expect("granted");
        token.forget(&first).await;
        assert_eq!(token.get(fetch(&count)).await.expect("granted"), second);
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}
