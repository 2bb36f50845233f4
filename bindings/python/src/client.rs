//! One application: configuration, subscriptions, start and stop.

use std::time::Duration;

use dingstream::delivery::KINDS;
use dingstream::error::{Error, ErrorKind};
use dingstream::stream::topics;
use dingstream::{Config, Kind};
use pyo3::prelude::*;

use crate::call::Call;
use crate::error::raised;
use crate::json::loads;
use crate::queue::Queue;

/// The core's client. Users see `dingstream.Client`, which has the handlers.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Client(dingstream::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, options: &str, queue: &Queue) -> PyResult<Self> {
        let made = Config::from_json(options).and_then(|mut config| {
            if config.ua.is_empty() {
                config.ua = concat!("dingstream-sdk-python/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
            }
            dingstream::Client::with_queue(config, queue.core(), 0)
        });
        made.map(Self).map_err(|error| raised(py, &error))
    }

    /// Subscribes a kind by its name.
    fn subscribe(&self, py: Python<'_>, kind: &str) -> PyResult<()> {
        let number = KINDS.iter().find(|(name, ..)| *name == kind).map(|(_, number, _)| *number);
        let kind = number.and_then(Kind::from_number).ok_or_else(|| {
            let names: Vec<_> = KINDS.iter().map(|(name, ..)| *name).collect();
            Error::new(ErrorKind::Argument, format!("there is no kind {kind:?}"))
                .hint(format!("the kinds are {}", names.join(", ")))
        });
        kind.and_then(|kind| self.0.subscribe(kind, "")).map_err(|error| raised(py, &error))
    }

    /// Subscribes one callback topic.
    fn subscribe_topic(&self, py: Python<'_>, topic: &str) -> PyResult<()> {
        self.0.subscribe(topics::kind_of(topic), topic).map_err(|error| raised(py, &error))
    }

    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.start())
    }

    fn stop<'py>(&self, py: Python<'py>, seconds: f64) -> PyResult<Bound<'py, PyAny>> {
        let patience = match Duration::try_from_secs_f64(seconds) {
            Ok(patience) => patience,
            Err(_) if seconds > 0.0 => Duration::MAX,
            Err(_) => Duration::ZERO,
        };
        Call::wrapped(py, self.0.stop(patience))
    }

    #[getter]
    fn state(&self) -> &'static str {
        self.0.state().name()
    }

    /// What it has counted, and what it holds: a number by its name.
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        loads(py, Some(self.0.stats().to_json()))
    }

    /// The same as Prometheus reads it.
    fn metrics(&self) -> String {
        self.0.metrics()
    }

    /// How many runs were begun; each tells `stopped` once.
    #[getter]
    fn runs(&self) -> u64 {
        self.0.runs()
    }

    /// How long `run` lets handlers finish, in seconds.
    #[getter]
    fn stop_deadline(&self) -> f64 {
        self.0.stop_deadline().as_secs_f64()
    }
}
