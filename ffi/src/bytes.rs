//! Text that comes in as a pointer and a length, and goes out with a NUL behind it.

use std::ffi::c_char;
use std::slice;

use dingstream::{Error, ErrorKind, Result};

/// Borrows a text; length 0 ignores the pointer.
///
/// # Safety
/// `pointer` is NULL or readable for `length` bytes, as long as the result is used.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, length: usize, what: &str) -> Result<&'a str> {
    if length == 0 {
        return Ok("");
    }
    if pointer.is_null() {
        return Err(Error::new(ErrorKind::Argument, format!("{what} is NULL and its length is not 0")));
    }
    if length > isize::MAX as usize {
        return Err(Error::new(ErrorKind::Argument, format!("the length of {what} is no length"))
            .hint("give the number of bytes"));
    }
    // SAFETY: the pointer is not NULL, and the caller vouches for `length` readable bytes.
    let bytes = unsafe { slice::from_raw_parts(pointer.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::Argument, format!("{what} is not UTF-8 from byte {}", error.valid_up_to()))
            .hint("text crosses the C ABI as UTF-8")
    })
}

/// Tells the length of a text that is lent, where the caller wants to know.
///
/// # Safety
/// `place` is NULL or writable.
pub(crate) unsafe fn tell_length(place: *mut usize, length: usize) {
    if !place.is_null() {
        // SAFETY: it is not NULL, and the caller vouches for it.
        unsafe { place.write(length) };
    }
}
