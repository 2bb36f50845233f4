//! Hosts that have banned this machine's address: nothing is sent there until it is over, by anybody who shares the
//! store.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::store::{Kept, Key, State, now_ms};

/// How many milliseconds DingTalk refuses everything (document 1433).
const LASTS: u64 = 300_000;

/// Who refuses us until when.
pub(crate) struct Bans(State<BTreeMap<String, u64>>);

impl Bans {
    pub(crate) fn new(store: &Kept) -> Self {
        Self(State::new(store, Key::new("bans", &[])))
    }

    /// Refuses what would be refused there, and would make it last longer.
    pub(crate) async fn check(&self, host: &str) -> Result<()> {
        let now = now_ms();
        let until = self.0.change(|bans| bans.get(host).copied()).await?;
        // A clock that was set back must not make a ban last for days.
        match until.filter(|until| now < *until && *until <= now + LASTS) {
            None => Ok(()),
            Some(until) => {
                let left = (until - now) / 1000;
                let told = format!("{host} has banned this machine's address for {left} s more");
                Err(Error::new(ErrorKind::Throttled, told).hint("call less often: 10,000 calls in 20 s are the bound"))
            }
        }
    }

    pub(crate) async fn add(&self, host: &str) -> Result<()> {
        let now = now_ms();
        self.0
            .change(|bans| {
                bans.retain(|_, until| now < *until);
                bans.insert(host.to_owned(), now + LASTS);
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ban_holds_for_its_host_and_ends() {
        let bans = Bans(State::alone());
        bans.add("api").await.expect("kept");
        assert_eq!(bans.check("api").await.expect_err("banned").kind(), ErrorKind::Throttled);
        assert!(bans.check("oapi").await.is_ok());
        tokio::time::advance(Duration::from_millis(LASTS)).await;
        assert!(bans.check("api").await.is_ok());
    }
}
