//! `dingstream_queue`: where deliveries, finished calls and logs wait.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dingstream::queue::{Taken, Wake};
use dingstream::runtime::Born;
use dingstream::{Error, ErrorKind, Item, Queue, Result};

use crate::enums::dingstream_kind;
use crate::error::dingstream_error;
use crate::foreign::{DropFn, Foreign};
use crate::guard::{guard, quietly};
use crate::handle::{OfProcess, Out, borrow, free, null};
use crate::view::{NONE, dingstream_view};

/// How many items one look at the queue takes at most, however many a caller has room for.
const BATCH: usize = 1024;

/// Where deliveries, finished calls and logs wait for the application. One queue serves any number of clients. From any
/// thread, concurrently: several threads may take, and each item goes to one of them.
pub struct dingstream_queue {
    pub(crate) queue: Queue,
    /// Whether the deliveries go to a function, so that nobody may take them here.
    dispatched: AtomicBool,
    born: Born,
}

impl OfProcess for dingstream_queue {
    fn born(&self) -> Born {
        self.born
    }
}

impl dingstream_queue {
    pub(crate) fn new(queue: Queue) -> Self {
        Self { queue, dispatched: AtomicBool::new(false), born: Born::now() }
    }

    pub(crate) fn dispatch(&self) {
        self.dispatched.store(true, Ordering::Relaxed);
    }

    /// The queue, for those who take from it themselves.
    pub(crate) fn pulled(&self) -> Result<&Queue> {
        if self.dispatched.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorKind::Config,
                "the client of this queue hands what arrives to a function, so nothing can be taken here",
            )
            .hint("take what arrives in one way alone, and make another queue for calls"));
        }
        Ok(&self.queue)
    }
}

/// A time in milliseconds; below zero is for ever.
pub(crate) fn time_of(timeout_ms: i64) -> Option<Duration> {
    u64::try_from(timeout_ms).ok().map(Duration::from_millis)
}

/// Makes an empty queue. Free it with `dingstream_queue_free`.
///
/// # Safety
/// `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_new(out: *mut *mut dingstream_queue) -> *mut dingstream_error {
    // SAFETY: the caller vouches for `out`.
    guard(|| unsafe {
        Out::new(out)?.give(dingstream_queue::new(Queue::new()));
        Ok(())
    })
}

/// Takes the next item, and waits for it at most `timeout_ms` (below zero: for ever). Where nothing came, the view's kind is
/// `DINGSTREAM_KIND_NONE`; where the queue was closed and is drained, `DINGSTREAM_KIND_CLOSED`. The handles in the view are
/// the caller's.
///
/// # Safety
/// `queue` is NULL or a queue that is not freed meanwhile; so for every function of a queue. `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_next(
    queue: *mut dingstream_queue,
    timeout_ms: i64,
    out: *mut dingstream_view,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let queue = borrow(queue, "queue")?;
        if out.is_null() {
            return Err(null("out"));
        }
        if take(queue, timeout_ms, out, 1)? == 0 {
            out.write(NONE);
        }
        Ok(())
    })
}

/// Takes up to `capacity` items: waits for the first one as `dingstream_queue_next` does, and for no further one. `count`
/// gets how many views were written; 0 where nothing came. A queue that was closed and is drained gives one view of kind
/// `DINGSTREAM_KIND_CLOSED`.
///
/// # Safety
/// As for `dingstream_queue_next`; `out` is NULL or has room for `capacity` views; `count` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_next_batch(
    queue: *mut dingstream_queue,
    timeout_ms: i64,
    out: *mut dingstream_view,
    capacity: usize,
    count: *mut usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let queue = borrow(queue, "queue")?;
        if out.is_null() {
            return Err(null("out"));
        }
        if count.is_null() {
            return Err(null("count"));
        }
        if capacity == 0 {
            return Err(Error::new(ErrorKind::Argument, "capacity is 0").hint("give room for one view at least"));
        }
        count.write(take(queue, timeout_ms, out, capacity)?);
        Ok(())
    })
}

/// # Safety
/// `out` has room for `capacity` views, at least one.
unsafe fn take(queue: &dingstream_queue, timeout_ms: i64, out: *mut dingstream_view, capacity: usize) -> Result<usize> {
    let mut items: Vec<Item> = Vec::new();
    let taken = queue.pulled()?.take(capacity.min(BATCH), time_of(timeout_ms), &mut items)?;
    if matches!(taken, Taken::Closed) {
        // SAFETY: as for the caller.
        unsafe { out.write(dingstream_view::empty(dingstream_kind::Closed)) };
        return Ok(1);
    }
    let (count, born) = (items.len(), queue.born);
    for (index, item) in items.into_iter().enumerate() {
        // SAFETY: as for the caller; a take brings no more than it was asked for.
        unsafe { out.add(index).write(dingstream_view::of(item, born)) };
    }
    Ok(count)
}

/// Calls `function` at each step from empty to not empty, and at once where something already waits. It runs on a thread of
/// the library and may only signal: it must not wait, nor call this library. After it was called, it is called again only
/// after a take that came back with less than it had room for. NULL for `function` takes the function before away. `drop` may
/// be NULL; else it is called exactly once: after the last call, when the function is replaced, when the queue and every
/// client of it are freed, or at once where this fails.
///
/// # Safety
/// As for `dingstream_queue_next`; `function` and `drop` take `user_data` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_on_wake(
    queue: *mut dingstream_queue,
    function: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
    user_data: *mut c_void,
    drop: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
) -> *mut dingstream_error {
    let foreign = Foreign::new(user_data, drop as DropFn);
    guard(|| {
        // SAFETY: the caller vouches for the queue.
        let queue = unsafe { borrow(queue, "queue") }?;
        queue.born.check("queue")?;
        queue.pulled()?.on_wake(function.map(|function| -> Wake {
            // SAFETY: the caller vouches for the function with its `user_data`, on any thread.
            Arc::new(move || unsafe { function(foreign.user_data()) })
        }));
        Ok(())
    })
}

/// Gets a descriptor that is readable while something waits, for `poll` and event loops. The library alone reads from it and
/// closes it; it lives as long as the queue or a client of it.
///
/// # Safety
/// As for `dingstream_queue_next`; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_wake_handle(
    queue: *mut dingstream_queue,
    out: *mut isize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let queue = borrow(queue, "queue")?;
        if out.is_null() {
            return Err(null("out"));
        }
        out.write(queue.pulled()?.wake_handle()?);
        Ok(())
    })
}

/// Closes the queue: what waits can still be taken, then every take says `DINGSTREAM_KIND_CLOSED`, also those that wait now.
/// NULL is fine.
///
/// # Safety
/// As for `dingstream_queue_next`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_close(queue: *mut dingstream_queue) {
    quietly(|| {
        // SAFETY: the caller vouches for the queue.
        if let Ok(queue) = unsafe { borrow(queue, "queue") } {
            queue.queue.close();
        }
    });
}

/// Frees a queue. Clients that deliver to it keep what they need; what waits in it is declined once they are gone too. NULL
/// is fine; the queue that a client lends is freed with the client alone.
///
/// # Safety
/// `queue` is NULL or a queue that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_queue_free(queue: *mut dingstream_queue) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(queue) });
}
