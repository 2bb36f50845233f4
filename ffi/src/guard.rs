//! The one place where a panic ends: no doorway lets it out.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use dingstream::{Error, ErrorKind, Result};

use crate::error::dingstream_error;
use crate::handle::give;

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs what can fail; NULL is success.
pub(crate) fn guard(body: impl FnOnce() -> Result<()>) -> *mut dingstream_error {
    let error = match caught(body) {
        Ok(Ok(())) => return std::ptr::null_mut(),
        Ok(Err(error)) => error,
        Err(place) => Error::new(ErrorKind::Panic, format!("the library ran into a bug of its own at {place}"))
            .hint("please report it with the log around it"),
    };
    give(dingstream_error::new(&error))
}

/// Runs a reader; readers never fail, so `otherwise` stands for everything that is not there.
pub(crate) fn read<T>(otherwise: T, body: impl FnOnce() -> Option<T>) -> T {
    caught(body).ok().flatten().unwrap_or(otherwise)
}

/// Runs what returns nothing, such as a free.
pub(crate) fn quietly(body: impl FnOnce()) {
    let _ = caught(body);
}

fn caught<T>(body: impl FnOnce() -> T) -> std::result::Result<T, String> {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        // The standard library inside this shared object is its own copy: the host's hook is not touched, and nothing is
        // printed. The payload may hold a value of the application, so only the place is kept.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
            let _ = PLACE.try_with(|kept| {
                if let Ok(mut kept) = kept.try_borrow_mut() {
                    *kept = place.unwrap_or_default();
                }
            });
        }));
    });
    catch_unwind(AssertUnwindSafe(body)).map_err(|_| PLACE.take())
}
