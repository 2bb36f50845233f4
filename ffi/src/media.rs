//! Files that a client uploads and downloads, whole or piece by piece.

use std::ffi::c_char;

use dingstream::{Call, Client, MediaType, Result};

use crate::bytes::{bytes, room, text};
use crate::call::dingstream_call;
use crate::client::dingstream_client;
use crate::client_calls::{number, start};
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::{Place, borrow};
use crate::queue::time_of;

fn media_type(media: u32) -> Result<MediaType> {
    MediaType::from_number(media).ok_or_else(|| number("a type of media", media))
}

/// Uploads a file by its path, one of `dingstream_media_type`. Type and size are checked before anything is sent: the errors
/// `argument` and `too_large`. The result is `{"mediaId":"…","type":"image"}`: messages name the file by that id.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; each text is readable for its length; `out` is NULL or writable. So
/// for every upload and download.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_upload_file(
    client: *mut dingstream_client,
    media: u32,
    path: *const c_char,
    path_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (media, path) = (media_type(media)?, text(path, path_len, "path")?);
        start(client, out, |client| Ok(client.upload_file(media, path)))
    })
}

/// Uploads `size` bytes under a name whose ending DingTalk takes for this type; `dingstream_call_write` gives them. They can be
/// sent once: a try that fails after it took some is not repeated. Giving the call away before all are given ends it:
/// freed, or with `dingstream_call_to_queue` or `dingstream_call_on_done`. Checked and told as by
/// `dingstream_client_upload_file`.
///
/// # Safety
/// As for `dingstream_client_upload_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_upload(
    client: *mut dingstream_client,
    media: u32,
    name: *const c_char,
    name_len: usize,
    size: u64,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (media, name) = (media_type(media)?, text(name, name_len, "name")?);
        start(client, out, |client| Ok(client.upload_pieces(media, name, size)))
    })
}

/// Downloads a file by the download code that came with its message into a file, which is there once it is whole, or under
/// its own name into a folder. `robot` is the message's robot code, or empty for the client's. The result is
/// `{"name":"report.xlsx","bytes":1234,"contentType":"…","path":"…"}`; the name has the ending that its bytes call for. A code that
/// is no longer valid is the error `expired`, a file above the option `download_bytes` the error `too_large`.
///
/// # Safety
/// As for `dingstream_client_upload_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_download_file(
    client: *mut dingstream_client,
    code: *const c_char,
    code_len: usize,
    robot: *const c_char,
    robot_len: usize,
    path: *const c_char,
    path_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let path = text(path, path_len, "path")?;
        download(client, (code, code_len), (robot, robot_len), out, |client, code, robot| {
            client.download_file(code, robot, path)
        })
    })
}

/// The same to be read with `dingstream_call_read`; the result has no path, and comes once all is read. Giving the call
/// away before that ends it: freed, or with `dingstream_call_to_queue` or `dingstream_call_on_done`.
///
/// # Safety
/// As for `dingstream_client_upload_file`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_download(
    client: *mut dingstream_client,
    code: *const c_char,
    code_len: usize,
    robot: *const c_char,
    robot_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { download(client, (code, code_len), (robot, robot_len), out, Client::download) })
}

/// # Safety
/// As for `dingstream_client_upload_file`.
unsafe fn download(
    client: *mut dingstream_client,
    code: (*const c_char, usize),
    robot: (*const c_char, usize),
    out: *mut *mut dingstream_call,
    begin: impl FnOnce(&Client, &str, Option<&str>) -> Call,
) -> Result<()> {
    // SAFETY: as for the caller.
    unsafe {
        let (code, robot) = (text(code.0, code.1, "code")?, text(robot.0, robot.1, "robot")?);
        start(client, out, |client| Ok(begin(client, code, Some(robot).filter(|robot| !robot.is_empty()))))
    }
}

/// Gives an upload bytes, as many as there is room for, waiting at most `timeout_ms` (below zero: for ever) for room;
/// `out_written` gets how many were taken, 0 where the time ran out. Give the rest again. It is the error of the call once that
/// failed, and `argument` for a call that takes no bytes, or has all of them. Nothing of `bytes` is used after it returned.
///
/// # Safety
/// `call` is NULL or a call that is not freed meanwhile; `bytes` is readable for `bytes_len`; `out_written` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_write(
    call: *mut dingstream_call,
    bytes: *const c_char,
    bytes_len: usize,
    timeout_ms: i64,
    out_written: *mut usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (out, given) = (Place::new(out_written, "out_written")?, self::bytes(bytes, bytes_len, "bytes")?);
        out.set(borrow(call, "call")?.core().write(given, time_of(timeout_ms))?);
        Ok(())
    })
}

/// Takes bytes of a download, as many as are there, waiting at most `timeout_ms` (below zero: for ever) for some: `out_read` gets
/// how many, 0 where the time ran out or at the end, which `out_ended` tells. It is the error of the call where that failed, and
/// `argument` for a call that brings no bytes.
///
/// # Safety
/// `call` is NULL or a call that is not freed meanwhile; `buffer` is writable for `capacity`; both outs are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_read(
    call: *mut dingstream_call,
    buffer: *mut c_char,
    capacity: usize,
    timeout_ms: i64,
    out_read: *mut usize,
    out_ended: *mut bool,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (out_read, out_ended) = (Place::new(out_read, "out_read")?, Place::new(out_ended, "out_ended")?);
        let read = borrow(call, "call")?.core().read(room(buffer, capacity, "buffer")?, time_of(timeout_ms))?;
        out_read.set(read.bytes);
        out_ended.set(read.ended);
        Ok(())
    })
}
