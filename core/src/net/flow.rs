//! Bodies that are longer than one wants to hold: sent and received piece by piece, each of which has to come in time.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{sleep, timeout};
use url::Url;

use super::http::{Failure, Transport, failed};
use crate::error::{Error, ErrorKind, Result};

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

/// A body that is being received.
pub(crate) struct Incoming {
    response: reqwest::Response,
    patience: Duration,
}

impl Transport {
    /// Asks for what stands at an address. No header says anything of a body: some storages sign that. The connection is
    /// not kept, for it would keep the room that a large body took.
    pub(crate) async fn fetch(&self, url: &Url, patience: Duration) -> std::result::Result<Incoming, Failure> {
        let asked = self.client().get(url.clone()).header("connection", "close").send();
        let response = timeout(patience, asked).await.map_err(|_| late(url))?.map_err(failed)?;
        Ok(Incoming { response, patience })
    }
}

impl Incoming {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        // Storages write names as they are, beyond ASCII too.
        std::str::from_utf8(self.response.headers().get(name)?.as_bytes()).ok()
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        next(&mut self.response, self.patience).await.map_err(|failure| failure.error)
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
