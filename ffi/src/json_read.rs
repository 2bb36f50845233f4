//! Reading a document.

use std::borrow::Cow;
use std::ffi::c_char;

use dingstream::Json;

use crate::bytes::{tell_length, text};
use crate::guard::read;
use crate::handle::borrow;
use crate::json::dingstream_json;

/// Reads at a pointer.
///
/// # Safety
/// As for `dingstream_json_text`.
unsafe fn at<T>(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    get: impl FnOnce(&dingstream_json, &str) -> Option<T>,
) -> Option<T> {
    // SAFETY: as for the caller.
    let (json, pointer) = unsafe { (borrow(json, "json").ok()?, text(pointer, pointer_len, "pointer").ok()?) };
    get(json, pointer)
}

/// Reads a text and keeps it for as long as the document lives.
///
/// # Safety
/// As for `dingstream_json_text`.
unsafe fn lent(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    out_len: *mut usize,
    get: for<'a> fn(&'a Json, &str) -> Option<Cow<'a, str>>,
) -> *const c_char {
    read(std::ptr::null(), || {
        let keep = |json: &dingstream_json, pointer: &str| {
            json.document.read(|source| get(source, pointer).map(|found| json.kept.keep(&found)))
        };
        // SAFETY: as for the caller.
        let (text, length) = unsafe { at(json, pointer, pointer_len, keep) }.unwrap_or((std::ptr::null(), 0));
        // SAFETY: as for the caller.
        unsafe { tell_length(out_len, length) };
        Some(text)
    })
}

/// The text at `pointer`, or the literal of a number; NULL where there is none. NUL-ended, lent as long as the document;
/// `out_len` may be NULL, else it gets the length in bytes (0 with NULL), for texts that hold a NUL themselves.
///
/// # Safety
/// `json` is NULL or a document that is not freed meanwhile; `pointer` is readable for `pointer_len` bytes; `out_len` is
/// NULL or writable. So for every reader of a document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_text(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    out_len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the pointers.
    unsafe { lent(json, pointer, pointer_len, out_len, Json::text) }
}

/// The JSON text of whatever is at `pointer`; NULL where there is nothing. Lent and told as for `dingstream_json_text`.
///
/// # Safety
/// As for `dingstream_json_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_raw(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    out_len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the pointers.
    unsafe { lent(json, pointer, pointer_len, out_len, Json::raw) }
}

/// The whole number at `pointer`, also where it stands in quotes; `fallback` where there is none.
///
/// # Safety
/// As for `dingstream_json_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_int(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    fallback: i64,
) -> i64 {
    let get = |json: &dingstream_json, pointer: &str| json.document.read(|json| json.int(pointer));
    // SAFETY: the caller vouches for the pointers.
    read(fallback, || unsafe { at(json, pointer, pointer_len, get) })
}

/// The boolean at `pointer`, also where it stands in quotes; `fallback` where there is none.
///
/// # Safety
/// As for `dingstream_json_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_bool(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    fallback: bool,
) -> bool {
    let get = |json: &dingstream_json, pointer: &str| json.document.read(|json| json.bool(pointer));
    // SAFETY: the caller vouches for the pointers.
    read(fallback, || unsafe { at(json, pointer, pointer_len, get) })
}

/// How many entries the array or object at `pointer` has; 0 for everything else.
///
/// # Safety
/// As for `dingstream_json_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_len(
    json: *const dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
) -> usize {
    let get = |json: &dingstream_json, pointer: &str| json.document.read(|json| json.len(pointer));
    // SAFETY: the caller vouches for the pointers.
    read(0, || unsafe { at(json, pointer, pointer_len, get) })
}
