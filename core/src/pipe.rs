//! Bytes on their way between the application and a call: never more of them than a bound, whoever is faster waits.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use tokio::sync::Notify;

/// What is under way at most.
const BOUND: usize = PIECE;
/// How many pieces are under way at most: tiny ones take more room than their bytes.
const PIECES: usize = 1024;
/// What one piece holds at most.
pub(crate) const PIECE: usize = 64 * 1024;

/// A bounded row of bytes with one writer and one reader, of which either may wait on a thread or in a task.
#[derive(Clone)]
pub(crate) struct Pipe(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    moved: Notify,
}

struct State {
    pieces: VecDeque<Bytes>,
    bytes: usize,
    /// How many bytes may still be written.
    left: u64,
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

impl State {
    fn room(&self) -> usize {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        if self.pieces.len() < PIECES { BOUND.saturating_sub(self.bytes).min(left) } else { 0 }
    }

    /// Whether a writer has nothing to wait for.
    fn writable(&self) -> bool {
        self.closed || self.ended || self.room() > 0
    }

    /// Whether a reader has nothing to wait for.
    fn readable(&self) -> bool {
        self.closed || self.ended || self.bytes > 0
    }
}

impl Default for Pipe {
    fn default() -> Self {
        Self::of(u64::MAX)
    }
}

impl Pipe {
    /// A pipe for so many bytes: it has ended when they are written.
    pub(crate) fn of(left: u64) -> Self {
        let state = State { pieces: VecDeque::new(), bytes: 0, left, ended: false, closed: false };
        Self(Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), moved: Notify::new() }))
    }

    /// Takes as much as there is room for, waiting at most `timeout` (`None`: for ever) for room; `None` once it is closed.
    pub(crate) fn write(&self, bytes: &[u8], timeout: Option<Duration>) -> Option<usize> {
        let state = self.wait(timeout, State::writable);
        self.put(state, |room| Bytes::copy_from_slice(&bytes[..bytes.len().min(room)]))
    }

    /// Takes a piece, however long that waits; `false` once it is closed.
    pub(crate) async fn push(&self, mut piece: Bytes) -> bool {
        while !piece.is_empty() {
            self.until(State::writable).await;
            // A copy: a part of a piece would hold all of it.
            let taken =
                self.put(self.lock(), |room| Bytes::copy_from_slice(&piece[..piece.len().min(room).min(PIECE)]));
            let Some(taken) = taken else {
                return false;
            };
            piece.advance(taken);
        }
        true
    }

    fn put(&self, mut state: MutexGuard<'_, State>, take: impl FnOnce(usize) -> Bytes) -> Option<usize> {
        if state.closed || state.ended {
            return None;
        }
        let piece = take(state.room());
        let taken = piece.len();
        state.bytes += taken;
        state.left -= taken as u64;
        state.ended |= state.left == 0;
        if taken > 0 {
            state.pieces.push_back(piece);
        }
        drop(state);
        self.told();
        Some(taken)
    }

    /// Fills a buffer with what is there, waiting at most `timeout` (`None`: for ever) for something.
    pub(crate) fn read(&self, buffer: &mut [u8], timeout: Option<Duration>) -> Read {
        let mut state = self.wait(timeout, State::readable);
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
        // A buffer without room reads nothing and still is not at the end.
        let ended = read == 0 && state.pieces.is_empty() && (state.ended || state.closed);
        drop(state);
        self.told();
        Read { bytes: read, ended }
    }

    /// Waits until there is a piece, or there will be none.
    pub(crate) async fn ready(&self) {
        self.until(State::readable).await;
    }

    /// Waits until nobody is on the other side any more.
    pub(crate) async fn closed(&self) {
        self.until(|state| state.closed).await;
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&self) -> Option<Bytes> {
        self.ready().await;
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

    async fn until(&self, is_ready: impl Fn(&State) -> bool) {
        loop {
            // Registered before the look, so that no change is missed.
            let mut moved = std::pin::pin!(self.0.moved.notified());
            moved.as_mut().enable();
            if is_ready(&self.lock()) {
                return;
            }
            moved.await;
        }
    }

    fn wait(&self, timeout: Option<Duration>, is_ready: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        const LONG: Duration = Duration::from_secs(3600);
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        while !is_ready(&state) {
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

    #[test]
    fn tiny_pieces_do_not_pile_up() {
        let pipe = Pipe::default();
        assert_eq!((0..2 * PIECES).filter(|_| pipe.write(b"x", NOW) == Some(1)).count(), PIECES);
        assert_eq!(pipe.read(&mut [0; 8], NOW).bytes, 8);
        assert_eq!(pipe.write(b"x", NOW), Some(1));
    }

    #[test]
    fn no_more_is_written_than_was_announced() {
        let pipe = Pipe::of(5);
        assert_eq!(pipe.write(b"hello world", NOW), Some(5));
        assert_eq!(pipe.write(b" world", NOW), None);
        assert_eq!(pipe.read(&mut [0; 8], NOW), Read { bytes: 5, ended: false });
        assert!(pipe.read(&mut [0; 8], NOW).ended);
    }

    #[test]
    fn a_buffer_without_room_is_not_the_end() {
        let pipe = Pipe::default();
        pipe.write(b"x", NOW);
        pipe.end();
        assert_eq!(pipe.read(&mut [], NOW), Read { bytes: 0, ended: false });
        assert_eq!(pipe.read(&mut [0], NOW), Read { bytes: 1, ended: false });
        assert!(pipe.read(&mut [], NOW).ended);
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
