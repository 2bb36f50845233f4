//! Hosts that have banned this machine's address: nothing is sent there until it is over, by any client of the process.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorKind, Result};

/// How long DingTalk refuses everything (document 1433).
const LASTS: Duration = Duration::from_secs(300);

/// Who refuses us until when.
#[derive(Default)]
pub(crate) struct Bans(Mutex<HashMap<String, Instant>>);

impl Bans {
    /// Refuses what would be refused there, and would make it last longer.
    pub(crate) fn check(&self, host: &str, now: Instant) -> Result<()> {
        let bans = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match bans.get(host).filter(|until| now < **until) {
            None => Ok(()),
            Some(until) => {
                let left = (*until - now).as_secs();
                let told = format!("{host} has banned this machine's address for {left} s more");
                Err(Error::new(ErrorKind::Throttled, told).hint("call less often: 10,000 calls in 20 s are the bound"))
            }
        }
    }

    pub(crate) fn add(&self, host: &str, now: Instant) {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(host.to_owned(), now + LASTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_ban_holds_for_its_host_and_ends() {
        let bans = Bans::default();
        bans.add("api", Instant::now());
        assert_eq!(bans.check("api", Instant::now()).expect_err("banned").kind(), ErrorKind::Throttled);
        assert!(bans.check("oapi", Instant::now()).is_ok());
        tokio::time::advance(LASTS).await;
        assert!(bans.check("api", Instant::now()).is_ok());
    }
}
