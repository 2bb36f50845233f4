//! Waiting without the interpreter's lock, and the end of the interpreter.
//!
//! A thread that wants the lock back while the interpreter ends is unwound by Python up to 3.13, across the frames of
//! this library, which ends in a crash. So once the end was told, threads of the application that come back from a wait
//! here stay here until the process is gone.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use once_cell::sync::OnceCell;
use pyo3::prelude::*;

/// The thread that ends the interpreter, and so still runs.
static ENDING: OnceCell<ThreadId> = OnceCell::new();
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// How many threads are past the gate and about to take the lock.
static RETURNING: AtomicUsize = AtomicUsize::new(0);

/// How long the end waits for those at most: each of them needs the lock for a moment only.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs `wait` without the interpreter's lock.
pub(crate) fn detached<T: Send>(py: Python<'_>, wait: impl FnOnce() -> T + Send) -> T {
    let waited = py.detach(|| {
        let waited = wait();
        RETURNING.fetch_add(1, Ordering::SeqCst);
        if IS_ENDING.load(Ordering::SeqCst) && ENDING.get() != Some(&thread::current().id()) {
            RETURNING.fetch_sub(1, Ordering::SeqCst);
            loop {
                thread::park();
            }
        }
        waited
    });
    RETURNING.fetch_sub(1, Ordering::SeqCst);
    waited
}

/// Tells the end of the interpreter: from here on no other thread comes back from a wait.
#[pyfunction]
pub(crate) fn end(py: Python<'_>) {
    let _ = ENDING.set(thread::current().id());
    IS_ENDING.store(true, Ordering::SeqCst);
    py.detach(|| {
        let begun = Instant::now();
        while RETURNING.load(Ordering::SeqCst) > 0 && begun.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(1));
        }
    });
}
