//! A function of the application: what C gives as (function, user_data, drop).

use std::ffi::c_void;

use dingstream::{Error, ErrorKind, Result};

/// Runs when the last copy of what it came with is gone.
pub(crate) type DropFn = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// The application's value, whose `drop` runs exactly once: after the last call, or at once where it was refused.
pub(crate) struct Foreign {
    user_data: *mut c_void,
    drop: DropFn,
}

// SAFETY: the header says that function and drop run on threads of the library; the library itself never looks inside.
unsafe impl Send for Foreign {}
// SAFETY: as above, and that several threads may call the function at the same time.
unsafe impl Sync for Foreign {}

impl Foreign {
    pub(crate) fn new(user_data: *mut c_void, drop: DropFn) -> Self {
        Self { user_data, drop }
    }

    /// Reached by method, so that a closure captures the whole value and its `drop` with it.
    pub(crate) fn user_data(&self) -> *mut c_void {
        self.user_data
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        if let Some(drop) = self.drop {
            // SAFETY: the caller gave the two together, and this runs once.
            unsafe { drop(self.user_data) }
        }
    }
}

/// Refuses a NULL where a function is needed.
pub(crate) fn needed<F>(function: Option<F>) -> Result<F> {
    function.ok_or_else(|| Error::new(ErrorKind::Argument, "function is NULL"))
}
