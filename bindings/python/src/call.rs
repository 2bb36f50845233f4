//! An operation under way, as the package's `Call` wraps it.

use std::time::Duration;

use dingstream::call::Outcome;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyBytes;

use crate::error::raised;
use crate::exit::detached;
use crate::queue::Queue;

/// What is read at a time.
const PIECE: usize = 16 * 1024;

/// The core's call. Users see `dingstream.Call`, which can also be awaited.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Call(dingstream::Call);

impl Call {
    /// The call that the package wraps itself.
    pub(crate) fn of(call: dingstream::Call) -> Self {
        Self(call)
    }

    /// The call as users see it.
    pub(crate) fn wrapped(py: Python<'_>, call: dingstream::Call) -> PyResult<Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "dingstream._call", "Call")?.call1((Self(call),))
    }
}

#[pymethods]
impl Call {
    #[getter]
    fn operation(&self) -> &'static str {
        self.0.operation()
    }

    /// What the operation brought, as JSON; `None` where it is not over within `seconds`.
    fn wait(&self, py: Python<'_>, seconds: f64) -> PyResult<Option<String>> {
        let timeout = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let waited = match self.0.wait(Some(Duration::ZERO)) {
            Ok(None) if !timeout.is_zero() => detached(py, || self.0.wait(Some(timeout))),
            waited => waited,
        };
        waited.map_err(|error| raised(py, &error))?.map(|outcome| told(py, outcome)).transpose()
    }

    /// The next bytes of a download, none of them where nothing came within `seconds`; `None` at the end.
    fn read<'py>(&self, py: Python<'py>, seconds: f64) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let timeout = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        let mut piece = [0; PIECE];
        let read = detached(py, || self.0.read(&mut piece, Some(timeout))).map_err(|error| raised(py, &error))?;
        Ok((!read.ended).then(|| PyBytes::new(py, &piece[..read.bytes])))
    }

    /// Sends the outcome to a queue, with this tag.
    fn to_queue(&self, queue: &Queue, tag: u64) {
        self.0.clone().to_queue(queue.core(), tag);
    }

    fn cancel(&self) {
        self.0.cancel();
    }
}

/// The JSON of an outcome, or its exception.
pub(crate) fn told(py: Python<'_>, outcome: Outcome) -> PyResult<String> {
    outcome.map(|json| json.as_str().to_owned()).map_err(|error| raised(py, &error))
}
