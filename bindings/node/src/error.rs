//! Errors on their way to JavaScript: JSON text.

use dingstream::Error;

/// Everything that the error class shows.
pub(crate) fn told(error: &Error) -> String {
    let mut json = error.to_json();
    json["retryable"] = error.is_retryable().into();
    json["support_text"] = error.support_text().into();
    json.to_string()
}

/// The error, or nothing.
pub(crate) fn refusal(result: dingstream::Result<()>) -> Option<String> {
    result.err().as_ref().map(told)
}
