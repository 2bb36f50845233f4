//! `dingstream_message`: what is sent.

use std::ffi::c_char;

use dingstream::{Message, Result};

use crate::bytes::text;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{Out, borrow, borrow_mut, given_back};
use crate::json::dingstream_json;

/// A message to send. One thread at a time; what sends it takes it, whatever the result.
pub struct dingstream_message(pub(crate) Message);

/// # Safety
/// As for `dingstream_message_at_mobile`.
unsafe fn change(message: *mut dingstream_message, change: impl FnOnce(Message) -> Message) -> Result<()> {
    // SAFETY: as for the caller.
    let message = unsafe { borrow_mut(message, "message") }?;
    message.0 = change(message.0.clone());
    Ok(())
}

/// Mentions the member with this mobile number, besides those mentioned before.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now; `mobile` is readable for `mobile_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_at_mobile(
    message: *mut dingstream_message,
    mobile: *const c_char,
    mobile_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message and the pointer.
    guard(|| unsafe {
        let mobile = text(mobile, mobile_len, "mobile")?;
        change(message, |message| message.at_mobile(mobile))
    })
}

/// Mentions the member with this user id (staff id), besides those mentioned before.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now; `user_id` is readable for `user_id_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_at_user(
    message: *mut dingstream_message,
    user_id: *const c_char,
    user_id_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message and the pointer.
    guard(|| unsafe {
        let user_id = text(user_id, user_id_len, "user_id")?;
        change(message, |message| message.at_user(user_id))
    })
}

/// Mentions everybody.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_at_all(message: *mut dingstream_message) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message.
    guard(|| unsafe { change(message, Message::at_all) })
}

/// Gives a link its picture: a URL or a media id. Other types have none and stay as they are.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now; `url` is readable for `url_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_set_picture(
    message: *mut dingstream_message,
    url: *const c_char,
    url_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message and the pointer.
    guard(|| unsafe {
        let url = text(url, url_len, "url")?;
        change(message, |message| message.picture(url))
    })
}

/// Adds a button to an action card. Other types have none and stay as they are.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now; each text is readable for its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_add_button(
    message: *mut dingstream_message,
    title: *const c_char,
    title_len: usize,
    url: *const c_char,
    url_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message and the pointers.
    guard(|| unsafe {
        let (title, url) = (text(title, title_len, "title")?, text(url, url_len, "url")?);
        change(message, |message| message.button(title, url))
    })
}

/// Puts the buttons of an action card beside each other; by OpenAPI that needs exactly two. Other types stay as they are.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_set_horizontal(message: *mut dingstream_message) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message.
    guard(|| unsafe { change(message, Message::horizontal) })
}

/// Adds a link to a feed card; the picture is a URL or a media id. Other types have none and stay as they are.
///
/// # Safety
/// `message` is NULL or a message that no other thread uses now; each text is readable for its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_add_entry(
    message: *mut dingstream_message,
    title: *const c_char,
    title_len: usize,
    url: *const c_char,
    url_len: usize,
    picture: *const c_char,
    picture_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the message and the pointers.
    guard(|| unsafe {
        let (title, url) = (text(title, title_len, "title")?, text(url, url_len, "url")?);
        let picture = text(picture, picture_len, "picture")?;
        change(message, |message| message.entry(title, url, picture))
    })
}

/// Makes a message from JSON, whose `type` is the name of a constructor without `dingstream_message_new_`:
/// `{"type":"markdown","title":"…","text":"…","at_mobiles":["…"],"at_user_ids":["…"],"at_all":true}`. Anything else is the
/// error `argument`, which names what is wrong. Free it with `dingstream_message_free`, unless it was given away.
///
/// # Safety
/// `json` is readable for `json_len` bytes; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_from_json(
    json: *const c_char,
    json_len: usize,
    out: *mut *mut dingstream_message,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_message(Message::from_json(text(json, json_len, "json")?)?));
        Ok(())
    })
}

/// The message as JSON, in the shape that `dingstream_message_from_json` takes. Free it with `dingstream_json_free`.
///
/// # Safety
/// `message` is NULL or a message that no other thread changes now; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_to_json(
    message: *const dingstream_message,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_json::tree(borrow(message, "message")?.0.to_json()));
        Ok(())
    })
}

/// Frees a message that was not given away. NULL is fine.
///
/// # Safety
/// `message` is NULL or a message that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_message_free(message: *mut dingstream_message) {
    // SAFETY: the caller gives it up.
    quietly(|| drop(unsafe { given_back(message) }));
}
