//! Where deliveries, finished calls and logs wait.

use std::time::Duration;

use dingstream::queue::{Item, Taken};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::call::told;
use crate::error::raised;
use crate::exit::detached;
use crate::views;

/// A queue, and the ways to wait on it.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Queue(dingstream::Queue);

impl Queue {
    pub(crate) fn core(&self) -> &dingstream::Queue {
        &self.0
    }
}

#[pymethods]
impl Queue {
    #[new]
    fn new() -> Self {
        Self(dingstream::Queue::new())
    }

    /// What waits, at most `max`. It waits up to `seconds` for the first one; `None` once the queue is closed and drained.
    #[pyo3(signature = (max, seconds = 0.0))]
    fn take<'py>(&self, py: Python<'py>, max: usize, seconds: f64) -> PyResult<Option<Bound<'py, PyList>>> {
        let mut items = Vec::with_capacity(max.min(64));
        let mut taken = self.0.take(max, Some(Duration::ZERO), &mut items);
        // The interpreter is let go only where there is something to wait for.
        if matches!(taken, Ok(Taken::Nothing)) && seconds > 0.0 {
            let timeout = Duration::try_from_secs_f64(seconds).unwrap_or_default();
            taken = detached(py, || self.0.take(max, Some(timeout), &mut items));
        }
        if taken.map_err(|error| raised(py, &error))? == Taken::Closed {
            return Ok(None);
        }
        let list = PyList::empty(py);
        for item in items {
            list.append(into_python(py, item)?)?;
        }
        Ok(Some(list))
    }

    /// A descriptor that is readable while something waits. Only the library reads from it and closes it.
    fn wake_handle(&self, py: Python<'_>) -> PyResult<isize> {
        self.0.wake_handle().map_err(|error| raised(py, &error))
    }

    /// What waits can still be taken, then every take gives `None`.
    fn close(&self) {
        self.0.close();
    }
}

/// A call that has ended, with the tag that it was sent to the queue with.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Done {
    #[pyo3(get)]
    tag: u64,
    outcome: dingstream::call::Outcome,
}

#[pymethods]
impl Done {
    /// What the operation brought, as JSON; raises its error.
    fn outcome(&self, py: Python<'_>) -> PyResult<String> {
        told(py, self.outcome.clone())
    }
}

/// A log record of the library.
#[pyclass(frozen, get_all, module = "dingstream._dingstream")]
pub(crate) struct Log {
    level: &'static str,
    target: &'static str,
    message: String,
}

pub(crate) fn into_python(py: Python<'_>, item: Item) -> PyResult<Py<PyAny>> {
    match item {
        Item::Delivery(delivery) => views::wrap(py, delivery),
        Item::Done { tag, outcome } => Ok(Py::new(py, Done { tag, outcome })?.into_any()),
        Item::Log { record, .. } => {
            let log = Log { level: record.level.name(), target: record.target, message: record.message };
            Ok(Py::new(py, log)?.into_any())
        }
    }
}
