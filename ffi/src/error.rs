//! `dingstream_error`: what went wrong, owned by the caller.

use std::ffi::{CString, c_char};

use dingstream::Error;

use crate::guard::{quietly, read};
use crate::handle::{borrow, given_back};

/// What went wrong. A function that can fail returns one, or NULL where it did not. Immutable: any thread, concurrently.
pub struct dingstream_error {
    kind: u32,
    http_status: u32,
    retryable: bool,
    message: CString,
    hint: CString,
    stage: CString,
    platform_code: CString,
    request_id: CString,
    required_scopes: CString,
    support_text: CString,
}

impl dingstream_error {
    pub(crate) fn new(error: &Error) -> Self {
        Self {
            kind: error.kind() as u32,
            http_status: error.http_status().into(),
            retryable: error.is_retryable(),
            message: c_string(error.message()),
            hint: c_string(error.advice()),
            stage: c_string(error.stage()),
            platform_code: c_string(error.platform_code()),
            request_id: c_string(error.request_id()),
            required_scopes: c_string(&error.required_scopes().join(",")),
            support_text: c_string(&error.support_text()),
        }
    }
}

/// DingTalk's own words may hold a NUL, where C's texts end.
fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// # Safety
/// As for `dingstream_error_kind`.
unsafe fn lend(error: *const dingstream_error, part: fn(&dingstream_error) -> &CString) -> *const c_char {
    // SAFETY: as for the caller.
    read(c"".as_ptr(), || unsafe { borrow(error, "error") }.ok().map(|error| part(error).as_ptr()))
}

/// The kind, one of `dingstream_error_kind`; 0 for NULL.
///
/// # Safety
/// `error` is NULL or an error that was not freed; so for every reader of an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_kind(error: *const dingstream_error) -> u32 {
    // SAFETY: the caller vouches for the error.
    read(0, || unsafe { borrow(error, "error") }.ok().map(|error| error.kind))
}

/// What happened, in one sentence, cause first, without the hint. Lent until the error is freed; never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_message(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.message) }
}

/// What to do about it, in one sentence; empty where nothing is known. Lent until the error is freed; never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_hint(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.hint) }
}

/// Where it happened: `open`, `connect`, `call:reply` …; empty for a plain misuse. Lent until the error is freed; never
/// NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_stage(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.stage) }
}

/// The platform's own code, such as `authFailed` or `310000`; empty where it gave none. Lent until the error is freed;
/// never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_platform_code(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.platform_code) }
}

/// The platform's id of the request, which its support asks for; empty where it gave none. Lent until the error is freed;
/// never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_request_id(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.request_id) }
}

/// The permissions that the application lacks, as the developer console names them, separated by commas; empty where
/// DingTalk named none. Lent until the error is freed; never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_required_scopes(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.required_scopes) }
}

/// What to send to DingTalk's support, or to whoever helps: one line a fact, such as the time, the client id, the request
/// and its id. It holds no secret. Lent until the error is freed; never NULL.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_support_text(error: *const dingstream_error) -> *const c_char {
    // SAFETY: the caller vouches for the error.
    unsafe { lend(error, |error| &error.support_text) }
}

/// The HTTP status, or 0 where none was received.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_http_status(error: *const dingstream_error) -> u32 {
    // SAFETY: the caller vouches for the error.
    read(0, || unsafe { borrow(error, "error") }.ok().map(|error| error.http_status))
}

/// Whether the same call may succeed later without a change.
///
/// # Safety
/// As for `dingstream_error_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_retryable(error: *const dingstream_error) -> bool {
    // SAFETY: the caller vouches for the error.
    read(false, || unsafe { borrow(error, "error") }.ok().map(|error| error.retryable))
}

/// Frees an error. NULL is fine.
///
/// # Safety
/// `error` is NULL or an error that was not freed; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_error_free(error: *mut dingstream_error) {
    // SAFETY: the caller gives it up.
    quietly(|| drop(unsafe { given_back(error) }));
}
