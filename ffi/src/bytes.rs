//! Text and bytes that come in as a pointer and a length, and text that goes out with a NUL behind it.

use std::ffi::c_char;
use std::slice;

use dingstream::{Error, ErrorKind, Result};

/// Borrows a text; length 0 ignores the pointer.
///
/// # Safety
/// `pointer` is NULL or readable for `length` bytes, as long as the result is used.
pub(crate) unsafe fn text<'a>(pointer: *const c_char, length: usize, what: &str) -> Result<&'a str> {
    // SAFETY: as for the caller.
    let bytes = unsafe { bytes(pointer, length, what) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        Error::new(ErrorKind::Argument, format!("{what} is not UTF-8 from byte {}", error.valid_up_to()))
            .hint("text crosses the C ABI as UTF-8")
    })
}

/// Borrows bytes; length 0 ignores the pointer.
///
/// # Safety
/// As for [`text`].
pub(crate) unsafe fn bytes<'a>(pointer: *const c_char, length: usize, what: &str) -> Result<&'a [u8]> {
    if length == 0 {
        return Ok(&[]);
    }
    check(pointer.is_null(), length, what)?;
    // SAFETY: the pointer is not NULL, and the caller vouches for `length` readable bytes.
    Ok(unsafe { slice::from_raw_parts(pointer.cast::<u8>(), length) })
}

/// Borrows room for bytes; length 0 ignores the pointer.
///
/// # Safety
/// `pointer` is NULL or writable for `length` bytes, which are initialised and nobody else's as long as the result is used.
pub(crate) unsafe fn room<'a>(pointer: *mut c_char, length: usize, what: &str) -> Result<&'a mut [u8]> {
    if length == 0 {
        return Ok(&mut []);
    }
    check(pointer.is_null(), length, what)?;
    // SAFETY: the pointer is not NULL, and the caller vouches for `length` writable bytes.
    Ok(unsafe { slice::from_raw_parts_mut(pointer.cast::<u8>(), length) })
}

fn check(is_null: bool, length: usize, what: &str) -> Result<()> {
    if is_null {
        return Err(Error::new(ErrorKind::Argument, format!("{what} is NULL and its length is not 0")));
    }
    if length > isize::MAX as usize {
        return Err(Error::new(ErrorKind::Argument, format!("the length of {what} is no length"))
            .hint("give the number of bytes"));
    }
    Ok(())
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
