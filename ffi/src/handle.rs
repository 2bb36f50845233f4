//! Handles: what C holds as an opaque pointer.

use dingstream::runtime::Born;
use dingstream::{Error, ErrorKind, Result};

/// Gives a value away; C owns it until it comes back to [`take`] or [`free`].
pub(crate) fn give<T>(value: T) -> *mut T {
    Box::into_raw(Box::new(value))
}

/// Borrows a handle.
///
/// # Safety
/// `handle` is NULL, or came from this library, was not freed, and is not freed while the result is used.
pub(crate) unsafe fn borrow<'a, T>(handle: *const T, what: &'static str) -> Result<&'a T> {
    // SAFETY: the caller vouches for everything but NULL, which `as_ref` looks for.
    unsafe { handle.as_ref() }.ok_or_else(|| null(what))
}

/// Borrows a handle that belongs to one thread at a time.
///
/// # Safety
/// As for [`borrow`], and no other thread uses it now.
pub(crate) unsafe fn borrow_mut<'a, T>(handle: *mut T, what: &'static str) -> Result<&'a mut T> {
    // SAFETY: the caller vouches for everything but NULL, which `as_mut` looks for.
    unsafe { handle.as_mut() }.ok_or_else(|| null(what))
}

/// Takes a handle back from C.
///
/// # Safety
/// `handle` is NULL or came from [`give`], and C uses it no more.
pub(crate) unsafe fn take<T>(handle: *mut T, what: &'static str) -> Result<Box<T>> {
    // SAFETY: as for the caller.
    unsafe { given_back(handle) }.ok_or_else(|| null(what))
}

/// The same where NULL is fine.
///
/// # Safety
/// As for [`take`].
pub(crate) unsafe fn given_back<T>(handle: *mut T) -> Option<Box<T>> {
    // SAFETY: where it is not NULL, the caller gives it up.
    if handle.is_null() { None } else { Some(unsafe { Box::from_raw(handle) }) }
}

/// What belongs to the process that made it.
pub(crate) trait OfProcess {
    fn born(&self) -> Born;
}

/// Frees a handle that belongs to a process. In a child it is left alone: threads of the parent may have held its locks
/// while the parent forked.
///
/// # Safety
/// As for [`take`].
pub(crate) unsafe fn free<T: OfProcess>(handle: *mut T) {
    // SAFETY: as for the caller.
    if let Some(handle) = unsafe { given_back(handle) }
        && handle.born().is_forked()
    {
        std::mem::forget(handle);
    }
}

/// A place for an output, written on success only.
pub(crate) struct Out<T>(*mut *mut T);

impl<T> Out<T> {
    /// Checked first, so that nothing happens whose result has no place to go.
    ///
    /// # Safety
    /// `place` is NULL, or writable as long as this value lives.
    pub(crate) unsafe fn new(place: *mut *mut T) -> Result<Self> {
        if place.is_null() { Err(null("out")) } else { Ok(Self(place)) }
    }

    pub(crate) fn give(self, value: T) {
        // SAFETY: `new` has checked for NULL, and its caller vouches for the rest.
        unsafe { self.0.write(give(value)) }
    }

    pub(crate) fn give_nothing(self) {
        // SAFETY: as in `give`.
        unsafe { self.0.write(std::ptr::null_mut()) }
    }
}

/// A place for a plain output, written on success only.
pub(crate) struct Place<T>(*mut T);

impl<T> Place<T> {
    /// # Safety
    /// As for [`Out::new`].
    pub(crate) unsafe fn new(place: *mut T, what: &str) -> Result<Self> {
        if place.is_null() { Err(null(what)) } else { Ok(Self(place)) }
    }

    pub(crate) fn set(self, value: T) {
        // SAFETY: `new` has checked for NULL, and its caller vouches for the rest.
        unsafe { self.0.write(value) }
    }
}

pub(crate) fn null(what: &str) -> Error {
    Error::new(ErrorKind::Argument, format!("{what} is NULL"))
}
