//! `dingstream_markdown_…`: what helps with DingTalk's subset of markdown. Pure data, from any thread.

use std::ffi::c_char;

use dingstream::Result;
use dingstream::markdown::{self, Place};
use serde_json::Value;

use crate::bytes::text;
use crate::client_calls::number;
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::Out;
use crate::json::dingstream_json;

/// Makes a document of what a helper makes of a text.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
unsafe fn made(
    given: *const c_char,
    given_len: usize,
    out: *mut *mut dingstream_json,
    make: impl FnOnce(&str) -> Result<Value>,
) -> Result<()> {
    // SAFETY: as for the caller.
    let (given, out) = unsafe { (text(given, given_len, "text")?, Out::new(out)?) };
    out.give(dingstream_json::tree(make(given)?));
    Ok(())
}

/// A text that shows as it stands, whatever signs it holds. The result is a document that is one text: read it with the
/// empty pointer and free it with `dingstream_json_free`.
///
/// # Safety
/// `text` is readable for `text_len` bytes; `out` is NULL or writable. So for every helper.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_escape(
    text: *const c_char,
    text_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { made(text, text_len, out, |text| Ok(markdown::escape(text).into())) })
}

/// The address that opens `url` in DingTalk's side panel or in the browser, one of `dingstream_place`; for links of any
/// message. The result is a document that is one text.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_link(
    url: *const c_char,
    url_len: usize,
    place: u32,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let place = Place::from_number(place).ok_or_else(|| number("a place", place))?;
        made(url, url_len, out, |url| Ok(markdown::link(url, place).into()))
    })
}

/// A mention as a text shows it, by mobile number or user id; `dingstream_message_at_user` makes it one. The result is a
/// document that is one text.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_mention(
    who: *const c_char,
    who_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { made(who, who_len, out, |who| Ok(markdown::mention(who).into())) })
}

/// An image by its URL or media id, as markdown. The result is a document that is one text.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_image(
    photo: *const c_char,
    photo_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { made(photo, photo_len, out, |photo| Ok(markdown::image(photo).into())) })
}

/// Turns what DingTalk does not render into what it does: tables into lists, fenced code into quotes. Everything else stays
/// byte for byte. The result is a document that is one text.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_fit(
    text: *const c_char,
    text_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { made(text, text_len, out, |text| Ok(markdown::fit(text).into())) })
}

/// Cuts a long text into parts of at most `bytes` (64 or more): between blocks where it can, else between lines, else
/// between words. A fence that is cut is closed and opened again. The result is a document that is a list of texts.
///
/// # Safety
/// As for `dingstream_markdown_escape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_markdown_split(
    text: *const c_char,
    text_len: usize,
    bytes: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { made(text, text_len, out, |text| Ok(markdown::split(text, bytes).into())) })
}
