//! `dingstream_json`: a JSON document, read by pointer and built piece by piece.

use std::ffi::c_char;
use std::sync::Arc;

use dingstream::inbound::Part;
use dingstream::{Delivery, Error, ErrorKind, Json, Result};
use serde_json::{Map, Value};

use crate::bytes::text;
use crate::document::{Document, Form};
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{Out, borrow, given_back};
use crate::kept::Kept;

/// A JSON document. From any thread, concurrently.
///
/// It is read by JSON pointer (RFC 6901: `/text/content`, `/atUsers/0/staffId`); the empty pointer is the whole document.
/// A pointer also goes through a text that holds JSON itself. Readers never fail: what is absent or of another type is NULL
/// or the fallback. A number reads as its text, and a text that is a number as that number. Texts that a document lends
/// stay valid until it is freed, or until the owner of a lent document is.
pub struct dingstream_json {
    pub(crate) document: Document,
    pub(crate) kept: Kept,
}

impl dingstream_json {
    pub(crate) fn part(delivery: &Arc<Delivery>, part: Part) -> Self {
        Self::of(Document::Part(Arc::clone(delivery), part))
    }

    pub(crate) fn text(json: Arc<Json>) -> Self {
        Self::of(Document::own(Form::Text(json)))
    }

    pub(crate) fn tree(value: Value) -> Self {
        Self::of(Document::own(Form::Tree(value)))
    }

    fn of(document: Document) -> Self {
        Self { document, kept: Kept::default() }
    }
}

/// Makes an empty object, `{}`, to be filled. Free it with `dingstream_json_free`.
///
/// # Safety
/// `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_new(out: *mut *mut dingstream_json) -> *mut dingstream_error {
    // SAFETY: the caller vouches for `out`.
    guard(|| unsafe {
        Out::new(out)?.give(dingstream_json::tree(Value::Object(Map::new())));
        Ok(())
    })
}

/// Makes a document from a JSON text: any JSON value. Free it with `dingstream_json_free`.
///
/// # Safety
/// `json` is readable for `json_len` bytes; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_parse(
    json: *const c_char,
    json_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_json::tree(parsed(text(json, json_len, "json")?)?));
        Ok(())
    })
}

/// Frees a document. NULL is fine; one that is lent is freed by its owner alone.
///
/// # Safety
/// `json` is NULL or a document that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_json_free(json: *mut dingstream_json) {
    // SAFETY: the caller gives it up.
    quietly(|| drop(unsafe { given_back(json) }));
}

pub(crate) fn parsed(json: &str) -> Result<Value> {
    serde_json::from_str(json).map_err(|error| {
        Error::new(ErrorKind::Argument, format!("this is not JSON (line {}, column {})", error.line(), error.column()))
    })
}

/// The value of a document, or null where there is none.
///
/// # Safety
/// `json` is NULL or a document that is not freed meanwhile.
pub(crate) unsafe fn value_or_null(json: *const dingstream_json) -> Result<Value> {
    if json.is_null() {
        return Ok(Value::Null);
    }
    // SAFETY: as for the caller.
    unsafe { borrow(json, "json") }?.document.value()
}
