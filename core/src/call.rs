//! An operation under way towards DingTalk.

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::FutureExt;
use once_cell::sync::OnceCell;
use tokio::task::AbortHandle;

use crate::dispatch;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::json::Json;
use crate::log::{Level, Teller};
use crate::pipe::Pipe;
pub use crate::pipe::Read;
use crate::queue::{Item, Queue};
use crate::runtime::{Born, Process};

/// How a call ended: a JSON document, or why not.
pub type Outcome = Result<Arc<Json>>;

/// An operation, started when the call is made. It can be awaited, waited for, sent to a queue, or left alone: dropping
/// a call forgets the result, not the operation, and an error that nobody looks at is logged. A clone is the same call.
#[derive(Clone)]
#[must_use = "dropping a call leaves its result to the log"]
pub struct Call(Arc<Progress>, Option<Arc<Side>>);

/// The application's side of a call that takes or brings bytes. Without it nobody can go on with them.
struct Side(Pipe);

impl Drop for Side {
    fn drop(&mut self) {
        self.0.close();
    }
}

struct Progress {
    operation: &'static str,
    /// The client whose stop this is, or 0.
    stops: u64,
    teller: Arc<Teller>,
    stage: Mutex<Stage>,
    ended: Condvar,
    task: OnceCell<AbortHandle>,
    born: Born,
}

enum Stage {
    Running { wakers: Vec<Waker>, thens: Vec<Then> },
    Ended { outcome: Outcome, seen: bool },
}

type Then = Box<dyn FnOnce(Outcome) + Send>;

impl Call {
    /// Starts `operation` on the network thread.
    pub(crate) fn start(
        teller: &Arc<Teller>,
        operation: &'static str,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) -> Self {
        Self::make(teller, operation, 0, future)
    }

    /// Starts the stop of a client: waiting for it inside one of that client's callbacks is refused.
    pub(crate) fn stop(
        teller: &Arc<Teller>,
        client: u64,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) -> Self {
        Self::make(teller, "stop", client, future)
    }

    fn make(
        teller: &Arc<Teller>,
        operation: &'static str,
        stops: u64,
        future: impl Future<Output = Outcome> + Send + 'static,
    ) -> Self {
        let progress = Arc::new(Progress {
            operation,
            stops,
            teller: Arc::clone(teller),
            stage: Mutex::new(Stage::Running { wakers: Vec::new(), thens: Vec::new() }),
            ended: Condvar::new(),
            task: OnceCell::new(),
            born: Born::now(),
        });
        match teller.born.check("client").and_then(|()| Process::current()) {
            Err(error) => progress.end(Err(error.at(progress.stage_name()))),
            Ok(process) => {
                let ending = Arc::clone(&progress);
                let task = process.handle().spawn(async move {
                    let outcome = AssertUnwindSafe(future).catch_unwind().await;
                    let outcome = outcome.unwrap_or_else(|_| {
                        Err(Error::new(
                            ErrorKind::Panic,
                            format!("{} ran into a bug of this library", ending.operation),
                        )
                        .hint("please report it with the log around it"))
                    });
                    ending.end(outcome.map_err(|error| {
                        let error = error.of_app(&ending.teller.app);
                        if error.stage().is_empty() { error.at(ending.stage_name()) } else { error }
                    }));
                });
                let _ = progress.task.set(task.abort_handle());
            }
        }
        Self(progress, None)
    }

    /// The same call with bytes on their way.
    pub(crate) fn with(self, pipe: Pipe) -> Self {
        Self(self.0, Some(Arc::new(Side(pipe))))
    }

    /// A call that was over before it began.
    pub(crate) fn failed(teller: &Arc<Teller>, operation: &'static str, error: Error) -> Self {
        Self::start(teller, operation, async move { Err(error) })
    }

    /// The name of the operation: `reply`, `start`, `stop` …
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Waits as long as `timeout` says (`None`: for ever); `None` where the call is not over by then.
    ///
    /// # Errors
    /// The outer error is about the waiting: `reentrant` where a callback of a client waits for that client's stop,
    /// `forked` in a child. The inner one is the operation's.
    pub fn wait(&self, timeout: Option<Duration>) -> Result<Option<Outcome>> {
        self.0.born.check("call")?;
        if self.0.stops != 0 && dispatch::is_serving(self.0.stops) {
            return Err(Error::new(ErrorKind::Reentrant, "a callback waits for the stop that waits for this callback")
                .hint("return first, or send the call to a queue"));
        }
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut stage = self.0.lock();
        loop {
            if let Some(outcome) = stage.look() {
                return Ok(Some(outcome));
            }
            let left = match (timeout, deadline) {
                (Some(_), Some(deadline)) => deadline.saturating_duration_since(Instant::now()),
                _ => Duration::from_secs(3600),
            };
            if left.is_zero() {
                return Ok(None);
            }
            (stage, _) = self.0.ended.wait_timeout(stage, left).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// Sends the outcome to a queue, with this tag.
    pub fn to_queue(self, queue: &Queue, tag: u64) {
        let queue = queue.downgrade();
        self.then(Box::new(move |outcome| {
            if let Some(queue) = queue.upgrade() {
                queue.push(Item::Done { tag, outcome });
            }
        }));
    }

    /// Calls `function` with the outcome, on a thread of the library that does not carry the network.
    pub fn on_done(self, function: impl FnOnce(Outcome) + Send + 'static) {
        self.then(Box::new(move |outcome| match Process::current().and_then(Process::callbacks) {
            Ok(callbacks) => callbacks.run(Box::new(move || function(outcome))),
            Err(_) => function(outcome),
        }));
    }

    /// Ends the call as `cancelled`, unless it is over. What was already sent to DingTalk stays sent.
    pub fn cancel(&self) {
        if self.0.born.is_forked() {
            return;
        }
        self.0.end(Err(
            Error::new(ErrorKind::Cancelled, format!("{} was cancelled", self.0.operation)).at(self.0.stage_name())
        ));
        if let Some(task) = self.0.task.get() {
            task.abort();
        }
        if let Some(side) = &self.1 {
            side.0.close();
        }
    }

    /// Gives an upload bytes, as many as there is room for, waiting at most `timeout` (`None`: for ever) for room: how many
    /// were taken, 0 where the time ran out. Dropping the call before all are given ends it.
    ///
    /// # Errors
    /// `argument` where the call takes no bytes or no more of them; the call's own error once it failed.
    pub fn write(&self, bytes: &[u8], timeout: Option<Duration>) -> Result<usize> {
        match self.pipe()?.write(bytes, timeout) {
            Some(taken) => Ok(taken),
            None => Err(self.refused()),
        }
    }

    /// The same for a task: returns once all are taken.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub async fn write_all(&self, bytes: impl Into<Bytes>) -> Result<()> {
        if self.pipe()?.push(bytes.into()).await { Ok(()) } else { Err(self.refused()) }
    }

    /// Takes bytes of a download, as many as are there, waiting at most `timeout` (`None`: for ever) for some.
    ///
    /// # Errors
    /// `argument` where the call brings no bytes; the call's own error where it failed.
    pub fn read(&self, buffer: &mut [u8], timeout: Option<Duration>) -> Result<Read> {
        let read = self.pipe()?.read(buffer, timeout);
        if read.ended {
            // What the transfer ended with is told right behind its last byte.
            self.wait(None)?.transpose()?;
        }
        Ok(read)
    }

    /// The same for a task: the next piece, `None` at the end.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub async fn read_piece(&self) -> Result<Option<Bytes>> {
        let piece = self.pipe()?.next().await;
        if piece.is_none() {
            self.clone().await?;
        }
        Ok(piece)
    }

    fn pipe(&self) -> Result<&Pipe> {
        self.0.born.check("call")?;
        let none = || argument(format!("{} takes and brings no bytes", self.0.operation));
        self.1.as_ref().map(|side| &side.0).ok_or_else(none)
    }

    /// Why no more bytes are taken.
    fn refused(&self) -> Error {
        let failed = self.1.as_ref().is_some_and(|side| side.0.is_closed());
        match if failed { self.wait(None) } else { Ok(None) } {
            Ok(Some(Err(error))) | Err(error) => error,
            _ => argument(format!("{} has all of its bytes", self.0.operation)),
        }
    }

    fn then(self, then: Then) {
        if self.0.born.is_forked() {
            return;
        }
        let ended = match &mut *self.0.lock() {
            Stage::Running { thens, .. } => {
                thens.push(then);
                return;
            }
            stage @ Stage::Ended { .. } => stage.look(),
        };
        if let Some(outcome) = ended {
            then(outcome);
        }
    }
}

impl Future for Call {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Err(error) = self.0.born.check("call") {
            return Poll::Ready(Err(error));
        }
        let mut stage = self.0.lock();
        if let Some(outcome) = stage.look() {
            return Poll::Ready(outcome);
        }
        if let Stage::Running { wakers, .. } = &mut *stage
            && !wakers.iter().any(|waker| waker.will_wake(context.waker()))
        {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.0.operation)
    }
}

impl Stage {
    fn look(&mut self) -> Option<Outcome> {
        match self {
            Self::Running { .. } => None,
            Self::Ended { outcome, seen } => {
                *seen = true;
                Some(outcome.clone())
            }
        }
    }
}

impl Progress {
    fn stage_name(&self) -> String {
        format!("call:{}", self.operation)
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Ends the call once; a second end is for the loser of a race between success and cancelling.
    fn end(&self, outcome: Outcome) {
        let (wakers, thens) = {
            let mut stage = self.lock();
            let Stage::Running { wakers, thens } = &mut *stage else {
                return;
            };
            let (wakers, thens) = (std::mem::take(wakers), std::mem::take(thens));
            *stage = Stage::Ended { outcome: outcome.clone(), seen: !thens.is_empty() };
            (wakers, thens)
        };
        self.ended.notify_all();
        for waker in wakers {
            waker.wake();
        }
        for then in thens {
            then(outcome.clone());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.born.is_forked() {
            return;
        }
        let stage = self.stage.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Stage::Ended { outcome: Err(error), seen: false } = stage
            && error.kind() != ErrorKind::Cancelled
        {
            self.teller.log(
                Level::Warn,
                "call",
                format_args!("nobody looked at the error of {}: {error}", self.operation),
            );
        }
    }
}
