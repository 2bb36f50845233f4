//! The custom robot of a group.

use dingstream::WebhookConfig;
use pyo3::prelude::*;

use crate::call::Call;
use crate::error::raised;
use crate::message::Message;
use crate::queue::Queue;
use crate::time::patience;

/// The core's sender. Users see `dingstream.Webhook`.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Webhook(dingstream::Webhook);

#[pymethods]
impl Webhook {
    #[new]
    fn new(py: Python<'_>, options: &str, queue: &Queue) -> PyResult<Self> {
        let made = WebhookConfig::from_json(options)
            .and_then(|config| dingstream::Webhook::with_queue(config, queue.core(), 0));
        made.map(Self).map_err(|error| raised(py, &error))
    }

    fn send<'py>(&self, py: Python<'py>, message: &Message) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.send(message.0.clone()))
    }

    fn flush<'py>(&self, py: Python<'py>, seconds: f64) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.flush(patience(seconds)))
    }

    /// Shows how many robots it has, and nothing of their addresses.
    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}
