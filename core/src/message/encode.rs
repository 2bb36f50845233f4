//! JSON written once, into one buffer that is large enough from the start.

use std::borrow::Cow;

use serde::Serialize;

use super::Message;
use crate::error::Result;

/// A text that may have been added to.
pub(super) type Line<'a> = Cow<'a, str>;

/// What names, braces and a few escapes need besides the texts.
const FRAME: usize = 256;

/// The JSON of a value whose texts have so many bytes together.
pub(super) fn json(value: &impl Serialize, text_len: usize) -> String {
    let mut bytes = Vec::with_capacity(text_len + text_len / 8 + FRAME);
    // Plain data into memory: neither can fail.
    let _ = serde_json::to_writer(&mut bytes, value);
    String::from_utf8(bytes).unwrap_or_default()
}

/// What benchmarks measure; programs reply or send.
#[doc(hidden)]
impl Message {
    /// The body for a webhook.
    pub fn webhook_body(&self) -> Result<String> {
        self.to_webhook()
    }

    /// The `msgParam` for OpenAPI.
    pub fn openapi_param(&self) -> Result<String> {
        self.to_openapi().map(|encoded| encoded.param)
    }
}
