//! One thing handed to the application, settled once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dingstream::reply::WAYS;
use dingstream::{ErrorKind, Via};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde_json::Value;

use crate::call::Call;
use crate::card_session::{self, CardSession};
use crate::error::raised;
use crate::message::Message;
use crate::named::named;
use crate::{card, json};

/// One thing handed to the application. It owes one settling: `ok`, `later` or `fail`. Dropped unsettled, it is declined.
#[pyclass(frozen, subclass, module = "dingstream")]
pub(crate) struct Delivery {
    core: Arc<dingstream::Delivery>,
    /// Whether the application settles it itself, whenever it likes.
    taken: AtomicBool,
}

impl Delivery {
    pub(crate) fn new(core: dingstream::Delivery) -> Self {
        Self { core: Arc::new(core), taken: AtomicBool::new(false) }
    }

    pub(crate) fn core(&self) -> Arc<dingstream::Delivery> {
        Arc::clone(&self.core)
    }
}

#[pymethods]
impl Delivery {
    /// What it is: `message`, `card`, `event`, `graph`, `other` or `state`.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::intern(py, self.core.kind().name())
    }

    /// The topic that DingTalk sent it under; of a state, the state's name.
    #[getter]
    fn topic(&self) -> &str {
        self.core.topic()
    }

    /// The id of this push. DingTalk may push the same thing again under another id.
    #[getter]
    fn id(&self) -> &str {
        self.core.id()
    }

    /// The payload: the raw JSON text that DingTalk sent.
    #[getter]
    fn data(&self) -> &str {
        self.core.data().as_str()
    }

    /// The headers of the frame.
    #[getter]
    fn headers<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        json::loads(py, self.core.headers().value(""))
    }

    /// The payload, or what a JSON pointer such as `/text/content` finds in it, parsed; `None` where there is nothing.
    #[pyo3(signature = (pointer = ""))]
    fn json<'py>(&self, py: Python<'py>, pointer: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
        json::loads(py, self.core.data().value(pointer))
    }

    /// Whether it was settled.
    #[getter]
    fn settled(&self) -> bool {
        self.core.is_settled()
    }

    /// Done. `response` is what a card, graph or other delivery answers with. Raises `AnsweredError` where it was settled
    /// before, and `ExpiredError` where the library had to be faster.
    #[pyo3(signature = (response = None))]
    fn ok(&self, py: Python<'_>, response: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let response = response.map_or(Ok(Value::Null), card::response)?;
        self.core.ok(response).map_err(|error| raised(py, &error))
    }

    /// Not now. An event comes again; for other kinds it is the same as `fail`. The reason goes to DingTalk.
    fn later(&self, py: Python<'_>, reason: &str) -> PyResult<()> {
        self.core.later(reason).map_err(|error| raised(py, &error))
    }

    /// It did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret.
    fn fail(&self, py: Python<'_>, reason: &str) -> PyResult<()> {
        self.core.fail(reason).map_err(|error| raised(py, &error))
    }

    /// Nobody handles it: an event is consumed, everything else answered as a topic that does not exist.
    fn unhandled(&self, py: Python<'_>) -> PyResult<()> {
        self.core.unhandled().map_err(|error| raised(py, &error))
    }

    /// Settling is yours from here on: neither the handler's return nor asking for the next delivery does it.
    fn take(this: Py<Self>) -> Py<Self> {
        this.get().taken.store(true, Ordering::Relaxed);
        this
    }

    /// Sends a message back to where this bot message came from.
    #[pyo3(signature = (message, via = "auto"))]
    fn reply<'py>(&self, py: Python<'py>, message: &Message, via: &str) -> PyResult<Bound<'py, PyAny>> {
        let via = named(py, WAYS, Via::from_number, "way", via)?;
        Call::wrapped(py, self.core.reply_via(via, message.0.clone()))
    }

    /// Opens a session that types into an AI card where this bot message came from.
    #[pyo3(signature = (text = "…", **options))]
    fn card<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let session = self.core.card(card_session::options(py, text, options)?);
        CardSession::of(py, session.map_err(|error| raised(py, &error))?)
    }

    /// Whether the library still has to settle it.
    #[getter]
    fn _is_owed(&self) -> bool {
        !self.taken.load(Ordering::Relaxed) && !self.core.is_settled()
    }

    /// Settles it `ok` where the application left that to the library.
    fn _finish(&self, py: Python<'_>) -> PyResult<()> {
        if !self._is_owed() {
            return Ok(());
        }
        match self.core.ok(Value::Null) {
            // Another thread of the application was faster, or the library, which has told so.
            Err(error) if matches!(error.kind(), ErrorKind::Answered | ErrorKind::Expired) => Ok(()),
            settled => settled.map_err(|error| raised(py, &error)),
        }
    }

    /// Shows kind, topic and id; never the data, which is what a person wrote.
    fn __repr__(&self) -> String {
        format!("{:?}", self.core)
    }
}
