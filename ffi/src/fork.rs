//! Hears of forks, so that no use of a delivery has to ask the system which process it is in.

use dingstream::runtime;

/// Begins to hear of forks. Where that is not possible, each use asks the system.
pub(crate) fn watch() {
    // SAFETY: the function stores a number and nothing more, as a child of threads may; the library stays mapped.
    if unsafe { libc::pthread_atfork(None, None, Some(forked)) } == 0 {
        runtime::watch_forks();
    }
}

unsafe extern "C" fn forked() {
    runtime::watch_forks();
}
