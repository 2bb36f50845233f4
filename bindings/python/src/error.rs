//! The core's errors as Python's exceptions.

use dingstream::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// The exception of the class for its kind, with everything that the error knows.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    match exception(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    BASE.import(py, "dingstream.errors", "Error")?.call_method1(
        "_of_kind",
        (
            error.kind().name(),
            error.message(),
            error.advice(),
            error.stage(),
            error.http_status(),
            error.platform_code(),
            error.request_id(),
            error.is_retryable(),
            error.required_scopes().to_vec(),
            error.support_text(),
        ),
    )
}
