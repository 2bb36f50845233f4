//! An upload that the caller writes: its bytes come once.

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use futures_util::stream::{self, Stream};

use crate::error::{Error, ErrorKind, Result, argument};
use crate::pipe::Pipe;

/// So many bytes that come through a pipe. The try that takes the first of them takes them all; until then, the latest
/// try has them to itself, although the connection of an earlier one may still wait for them.
pub(crate) struct Written {
    size: u64,
    pipe: Pipe,
    tries: Arc<Mutex<Tries>>,
}

#[derive(Default)]
struct Tries {
    latest: u64,
    begun: bool,
}

impl Written {
    pub(crate) fn new(size: u64) -> Self {
        Self { size, pipe: Pipe::of(size), tries: Arc::default() }
    }

    /// Where the caller writes to.
    pub(crate) fn pipe(&self) -> &Pipe {
        &self.pipe
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn has_begun(&self) -> bool {
        lock(&self.tries).begun
    }

    /// The bytes for another try.
    pub(super) fn pieces(&self) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
        let mut tries = lock(&self.tries);
        if tries.begun {
            return Err(Error::new(ErrorKind::Network, "an earlier try took what was written").retryable(false));
        }
        tries.latest += 1;
        let pieces =
            Pieces { number: tries.latest, left: self.size, pipe: self.pipe.clone(), tries: Arc::clone(&self.tries) };
        Ok(stream::unfold(pieces, async |mut pieces| Some((pieces.next().await?, pieces))))
    }
}

/// What one try sends.
struct Pieces {
    number: u64,
    left: u64,
    pipe: Pipe,
    tries: Arc<Mutex<Tries>>,
}

impl Pieces {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        if self.left == 0 {
            return None;
        }
        self.pipe.ready().await;
        if !self.begin() {
            return None;
        }
        let Some(piece) = self.pipe.next().await else {
            let error = argument(format!("the upload was given up with {} bytes to come", self.left));
            self.left = 0;
            return Some(Err(error));
        };
        self.left -= piece.len() as u64;
        Some(Ok(piece))
    }

    fn begin(&self) -> bool {
        let mut tries = lock(&self.tries);
        let is_latest = tries.latest == self.number;
        tries.begun |= is_latest;
        is_latest
    }
}

fn lock(tries: &Mutex<Tries>) -> MutexGuard<'_, Tries> {
    tries.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    #[tokio::test]
    async fn the_latest_try_has_what_no_earlier_one_took() {
        let written = Written::new(5);
        let mut early = std::pin::pin!(written.pieces().expect("nothing was taken"));
        assert!(early.next().now_or_never().is_none());
        let mut late = std::pin::pin!(written.pieces().expect("nothing was taken"));
        assert_eq!(written.pipe().write(b"hello", None), Some(5));
        assert!(early.next().await.is_none());
        assert!(!written.has_begun());
        assert_eq!(late.next().await.expect("a piece").expect("whole"), "hello");
        assert!(late.next().await.is_none());
        assert!(written.has_begun() && written.pieces().is_err());
    }

    #[tokio::test]
    async fn what_is_given_up_is_an_error() {
        let written = Written::new(5);
        let mut pieces = std::pin::pin!(written.pieces().expect("nothing was taken"));
        written.pipe().write(b"hel", None);
        written.pipe().close();
        assert_eq!(pieces.next().await.expect("a piece").expect("whole"), "hel");
        let error = pieces.next().await.expect("an error").expect_err("given up");
        assert!(error.message().contains("2 bytes"), "{error}");
        assert!(pieces.next().await.is_none());
    }
}
