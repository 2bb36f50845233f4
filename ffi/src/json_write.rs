//! Building a document.

use std::ffi::c_char;

use dingstream::{Error, ErrorKind, Result};
use serde_json::{Map, Value};

use crate::bytes::text;
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::borrow;
use crate::json::{dingstream_json, parsed};

/// Sets a value at a pointer.
///
/// # Safety
/// As for `dingstream_json_set_text`.
unsafe fn set(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    value: impl FnOnce() -> Result<Value>,
) -> *mut dingstream_error {
    guard(|| {
        // SAFETY: as for the caller.
        let (json, pointer) = unsafe { (borrow(json, "json")?, text(pointer, pointer_len, "pointer")?) };
        let value = value()?;
        json.document.change(|root| {
            *place(root, pointer)? = value;
            Ok(())
        })
    })
}

/// Finds the place that a pointer names, and makes the objects on the way that are missing.
fn place<'a>(root: &'a mut Value, pointer: &str) -> Result<&'a mut Value> {
    let nowhere = || {
        Error::new(ErrorKind::Argument, format!("there is no place at {pointer:?}"))
            .hint("give a pointer such as /card/title; an array takes the index of an entry, or - to append")
    };
    if pointer.is_empty() {
        return Ok(root);
    }
    let path = pointer.strip_prefix('/').ok_or_else(nowhere)?;
    let mut at = root;
    for token in path.split('/') {
        if at.is_null() {
            *at = Value::Object(Map::new());
        }
        at = match at {
            Value::Object(entries) => entries.entry(token.replace("~1", "/").replace("~0", "~")).or_insert(Value::Null),
            Value::Array(entries) => {
                let index = if token == "-" {
                    entries.push(Value::Null);
                    entries.len() - 1
                } else {
                    token.parse().map_err(|_| nowhere())?
                };
                entries.get_mut(index).ok_or_else(nowhere)?
            }
            _ => return Err(nowhere()),
        };
    }
    Ok(at)
}

/// Sets a text at `pointer`. Objects that are missing on the way are made; on an array, an index replaces an entry and `-`
/// appends one; the empty pointer replaces the whole document. A document that is lent refuses: the error `argument`.
///
/// # Safety
/// `json` is NULL or a document that is not freed meanwhile; each text is readable for its length. So for every setter of a
/// document.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_set_text(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    value: *const c_char,
    value_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    unsafe { set(json, pointer, pointer_len, || Ok(text(value, value_len, "value")?.into())) }
}

/// Sets a whole number at `pointer`, as `dingstream_json_set_text` does.
///
/// # Safety
/// As for `dingstream_json_set_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_set_int(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    value: i64,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    unsafe { set(json, pointer, pointer_len, || Ok(value.into())) }
}

/// Sets a boolean at `pointer`, as `dingstream_json_set_text` does.
///
/// # Safety
/// As for `dingstream_json_set_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_set_bool(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    value: bool,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    unsafe { set(json, pointer, pointer_len, || Ok(value.into())) }
}

/// Sets null at `pointer`, as `dingstream_json_set_text` does.
///
/// # Safety
/// As for `dingstream_json_set_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_set_null(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    unsafe { set(json, pointer, pointer_len, || Ok(Value::Null)) }
}

/// Sets any JSON value, given as JSON text, at `pointer`, as `dingstream_json_set_text` does: `[]` for an array to append
/// to, `1.5`, or a whole document.
///
/// # Safety
/// As for `dingstream_json_set_text`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_set_raw(
    json: *mut dingstream_json,
    pointer: *const c_char,
    pointer_len: usize,
    value: *const c_char,
    value_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    unsafe { set(json, pointer, pointer_len, || parsed(text(value, value_len, "value")?)) }
}
