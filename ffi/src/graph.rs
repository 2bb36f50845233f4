//! `dingstream_graph_response`: what answers an AI assistant or plugin.

use std::ffi::c_char;

use dingstream::{Error, ErrorKind, GraphResponse};

use crate::bytes::text;
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::Out;
use crate::json::dingstream_json;

/// Makes what `dingstream_delivery_ok` answers a delivery of kind `DINGSTREAM_KIND_GRAPH` with: an HTTP status, a content
/// type (empty for `application/json`) and a body. Further headers are set with
/// `dingstream_json_set_text(json, "/headers/x-name", …)`. Free it with `dingstream_json_free`.
///
/// # Safety
/// Each text is readable for its length; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_graph_response(
    status: u32,
    content_type: *const c_char,
    content_type_len: usize,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let status =
            u16::try_from(status).map_err(|_| Error::new(ErrorKind::Argument, "there is no such HTTP status"))?;
        let content_type = match text(content_type, content_type_len, "content_type")? {
            "" => "application/json",
            content_type => content_type,
        };
        let response = GraphResponse::new(status, content_type, text(body, body_len, "body")?);
        out.give(dingstream_json::tree(response.to_json()));
        Ok(())
    })
}
