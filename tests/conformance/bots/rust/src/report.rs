//! What the runner reads: one line of JSON on standard output for each thing worth telling.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use dingstream::Error;
use serde_json::{Value, json};

static HANDLED: AtomicUsize = AtomicUsize::new(0);

/// A handler runs.
pub(crate) fn count() {
    HANDLED.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn line(told: &Value) {
    let mut out = io::stdout().lock();
    // A runner that is gone hears nothing anyway.
    let _ = writeln!(out, "{told}").and_then(|()| out.flush());
}

pub(crate) fn error(error: &Error) {
    line(&json!({ "error": error.kind().name(), "code": error.platform_code() }));
}

/// The last line.
pub(crate) fn handled() {
    line(&json!({ "handled": HANDLED.load(Ordering::Relaxed) }));
}

pub(crate) fn complain(sentence: &str) {
    let _ = writeln!(io::stderr(), "{sentence}");
}
