//! Bytes on their way between the application and a call: never more of them than a bound, whoever is faster waits.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use tokio::sync::Notify;

/// What is under way at most.
const BOUND: usize = 256 * 1024;
/// What one piece holds at most.
pub(crate) const PIECE: usize = 64 * 1024;

/// A bounded row of bytes with one writer and one reader, of which either may wait on a thread or in a task.
#[derive(Clone, Default)]
pub(crate) struct Pipe(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    moved: Notify,
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Bytes>,
    bytes: usize,
    /// The writer has nothing more.
    ended: bool,
    /// The reader takes nothing more, or the writer gave up.
    closed: bool,
}

/// What reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// How many bytes; 0 where the time ran out, or at the end.
    pub bytes: usize,
    /// Whether there is nothing more.
    pub ended: bool,
}

impl Pipe {
    /// Takes as much as there is room for, waiting at most `timeout` (`None`: for ever) for room; `None` once it is closed.
    pub(crate) fn write(&self, bytes: &[u8], timeout: Option<Duration>) -> Option<usize> {
        let state = self.wait(timeout, |state| state.closed || state.ended || state.bytes < BOUND);
        self.put(state, |room| Bytes::copy_from_slice(&bytes[..bytes.len().min(room)]))
    }

    /// Takes a piece, however long that waits; `false` once it is closed.
    pub(crate) async fn push(&self, mut piece: Bytes) -> bool {
        while !piece.is_empty() {
            self.until(|state| state.closed || state.ended || state.bytes < BOUND).await;
            let taken = self.put(self.lock(), |room| piece.split_to(piece.len().min(room).min(PIECE)));
            if taken.is_none() {
                return false;
            }
        }
        true
    }

    fn put(&self, mut state: MutexGuard<'_, State>, take: impl FnOnce(usize) -> Bytes) -> Option<usize> {
        if state.closed || state.ended {
            return None;
        }
        let piece = take(BOUND.saturating_sub(state.bytes));
        let taken = piece.len();
        state.bytes += taken;
        if taken > 0 {
            state.pieces.push_back(piece);
        }
        drop(state);
        self.told();
        Some(taken)
    }

    /// Fills a buffer with what is there, waiting at most `timeout` (`None`: for ever) for something.
    pub(crate) fn read(&self, buffer: &mut [u8], timeout: Option<Duration>) -> Read {
        let mut state = self.wait(timeout, |state| state.closed || state.ended || state.bytes > 0);
        let mut read = 0;
        while let Some(piece) = state.pieces.front_mut().filter(|_| read < buffer.len()) {
            let count = piece.len().min(buffer.len() - read);
            piece.copy_to_slice(&mut buffer[read..read + count]);
            read += count;
            if piece.is_empty() {
                state.pieces.pop_front();
            }
        }
        state.bytes -= read;
        let ended = read == 0 && (state.ended || state.closed);
        drop(state);
        self.told();
        Read { bytes: read, ended }
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&self) -> Option<Bytes> {
        self.until(|state| state.closed || state.ended || state.bytes > 0).await;
        let mut state = self.lock();
        let piece = state.pieces.pop_front();
        state.bytes -= piece.as_ref().map_or(0, Bytes::len);
        drop(state);
        self.told();
        piece
    }

    /// There is nothing more to write.
    pub(crate) fn end(&self) {
        self.lock().ended = true;
        self.told();
    }

    /// Nobody is on the other side any more.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.told();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Closes it when this is dropped, however the work with it ends.
    pub(crate) fn closing(&self) -> Closing {
        Closing(self.clone())
    }

    async fn until(&self, ready: impl Fn(&State) -> bool) {
        loop {
            // Registered before the look, so that no change is missed.
            let mut moved = std::pin::pin!(self.0.moved.notified());
            moved.as_mut().enable();
            if ready(&self.lock()) {
                return;
            }
            moved.await;
        }
    }

    fn wait(&self, timeout: Option<Duration>, ready: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        const LONG: Duration = Duration::from_secs(3600);
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        while !ready(&state) {
            let left = deadline.map_or(LONG, |deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            (state, _) = self.0.changed.wait_timeout(state, left).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn told(&self) {
        self.0.changed.notify_all();
        self.0.moved.notify_waiters();
    }
}

/// A side of a pipe.
pub(crate) struct Closing(Pipe);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Option<Duration> = Some(Duration::ZERO);

    #[test]
    fn what_is_written_is_read_in_order_and_then_ends() {
        let pipe = Pipe::default();
        assert_eq!(pipe.write(b"hello ", NOW), Some(6));
        assert_eq!(pipe.write(b"world", NOW), Some(5));
        pipe.end();
        let mut buffer = [0; 8];
        assert_eq!(pipe.read(&mut buffer, NOW), Read { bytes: 8, ended: false });
        assert_eq!(&buffer, b"hello wo");
        assert_eq!(pipe.read(&mut buffer, NOW), Read { bytes: 3, ended: false });
        assert_eq!(pipe.read(&mut buffer, NOW), Read { bytes: 0, ended: true });
    }

    #[test]
    fn a_full_pipe_takes_what_fits_and_an_empty_one_gives_nothing() {
        let pipe = Pipe::default();
        assert_eq!(pipe.read(&mut [0; 8], NOW), Read { bytes: 0, ended: false });
        assert_eq!(pipe.write(&vec![0; BOUND + 1], NOW), Some(BOUND));
        assert_eq!(pipe.write(b"x", NOW), Some(0));
        pipe.close();
        assert_eq!(pipe.write(b"x", NOW), None);
    }

    #[tokio::test]
    async fn a_writer_waits_for_its_reader() {
        let pipe = Pipe::default();
        let writer = pipe.clone();
        let pushed = tokio::spawn(async move { writer.push(Bytes::from(vec![7; 4 * BOUND])).await });
        let mut read = 0;
        while read < 4 * BOUND {
            let piece = pipe.next().await.expect("more");
            assert!(piece.len() <= PIECE);
            read += piece.len();
        }
        assert!(pushed.await.expect("no panic"));
        pipe.end();
        assert_eq!(pipe.next().await, None);
    }
}
