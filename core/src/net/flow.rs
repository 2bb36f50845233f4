//! Bodies that move on: what takes long is fine, what stands still is not.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{sleep, timeout};
use url::Url;

use super::http::{Failure, failed};
use crate::error::{Error, ErrorKind};

/// How much of a body has gone out.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(crate) fn sent(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Does `work`, which has to move on within `patience`, whatever it takes as a whole.
    pub(super) async fn watched<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut seen = None;
        loop {
            let now = self.0.load(Ordering::Relaxed);
            if seen == Some(now) {
                return None;
            }
            seen = Some(now);
            tokio::select! {
                done = &mut work => return Some(done),
                () = sleep(patience) => {}
            }
        }
    }
}

/// The next piece of a body, which has to come within `patience`; `None` at the end.
pub(super) async fn next(
    response: &mut reqwest::Response,
    patience: Duration,
) -> std::result::Result<Option<Bytes>, Failure> {
    match timeout(patience, response.chunk()).await {
        Ok(piece) => piece.map_err(failed),
        Err(_) => Err(Failure { error: late(response.url()), unsent: false }),
    }
}

pub(super) fn late(url: &Url) -> Error {
    Error::new(ErrorKind::Timeout, format!("{} did not move on in time", url.host_str().unwrap_or_default()))
}
