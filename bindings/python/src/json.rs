//! JSON between Python and the core. Python's own `json` does the work: building its objects from here gains nothing.

use dingstream::error::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use serde_json::Value;

use crate::error::raised;

/// A value of the core as Python's `json.loads` makes it.
pub(crate) fn loads<'py>(py: Python<'py>, value: Option<Value>) -> PyResult<Option<Bound<'py, PyAny>>> {
    static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(None) };
    LOADS.import(py, "json", "loads")?.call1((value.to_string(),)).map(Some)
}

/// What the application gives as a response or the like, or the error that names its type.
pub(crate) fn dumps(what: &str, given: &Bound<'_, PyAny>) -> PyResult<Value> {
    static DUMPS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = given.py();
    if given.is_none() {
        return Ok(Value::Null);
    }
    let options = PyDict::new(py);
    options.set_item("allow_nan", false)?;
    let text = DUMPS.import(py, "json", "dumps")?.call((given,), Some(&options));
    let read = text.and_then(|text| Ok(serde_json::from_str(&text.extract::<String>()?).ok()));
    match read {
        Ok(Some(value)) => Ok(value),
        Ok(None) | Err(_) => {
            let message = format!("a {what} of type {} is not JSON", given.get_type().name()?);
            Err(raised(py, &Error::new(ErrorKind::Argument, message).hint("give dicts, lists and plain values")))
        }
    }
}

/// Options or the like as the package's `_json` writes them.
pub(crate) fn encoded(how: &str, given: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = given.py().import("dingstream._json")?.call_method1(how, (given,));
    // Tools that show the variables along a traceback find no text in this one.
    text.inspect_err(|error| error.set_traceback(given.py(), None))?.extract()
}
