//! What types into an AI card; the package's `CardSession` makes a scope of it.

use std::sync::Arc;

use dingstream::error::{Error, ErrorKind};
use dingstream::{CardButton, CardOptions};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::call::Call;
use crate::error::raised;
use crate::json::{dumps, encoded};

/// The core's session. Users see `dingstream.CardSession`, its subclass.
#[pyclass(frozen, subclass, module = "dingstream._dingstream")]
pub(crate) struct CardSession(Arc<dingstream::CardSession>);

impl CardSession {
    /// The session as users see it.
    pub(crate) fn of(py: Python<'_>, session: dingstream::CardSession) -> PyResult<Bound<'_, PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        CLASS.import(py, "dingstream._card_session", "CardSession")?.call1((Self(Arc::new(session)),))
    }
}

#[pymethods]
impl CardSession {
    /// The same session as a subclass.
    #[new]
    fn new(session: &Bound<'_, Self>) -> Self {
        Self(Arc::clone(&session.get().0))
    }

    /// Adds text behind what was said before.
    fn push(&self, py: Python<'_>, text: &str) -> PyResult<()> {
        self.0.push(text).map_err(|error| raised(py, &error))
    }

    /// Replaces what was said before.
    fn set(&self, py: Python<'_>, text: &str) -> PyResult<()> {
        self.0.set(text).map_err(|error| raised(py, &error))
    }

    /// A button that the card ends with.
    #[pyo3(signature = (text, *, url = None, id = None, color = None))]
    fn button(
        &self,
        py: Python<'_>,
        text: &str,
        url: Option<&str>,
        id: Option<&str>,
        color: Option<&str>,
    ) -> PyResult<()> {
        let button = match (url, id) {
            (Some(url), None) => CardButton::link(text, url),
            (None, Some(id)) => CardButton::action(text, id),
            _ => {
                let error = Error::new(ErrorKind::Argument, "a button of a card has a url or an id");
                return Err(raised(py, &error.hint("give the one that it opens, or the one that its click brings")));
            }
        };
        let button = color.into_iter().fold(button, CardButton::color);
        self.0.button(button).map_err(|error| raised(py, &error))
    }

    /// A value that the card ends with, of another variable of its template.
    fn value(&self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let json = dumps("value", value)?;
        self.0.value(name, json).map_err(|error| raised(value.py(), &error))
    }

    /// Ends it with what was said.
    fn finish<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.finish())
    }

    /// Ends it as failed; an empty text means the fallback.
    #[pyo3(signature = (text = ""))]
    fn fail<'py>(&self, py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.fail(text))
    }
}

/// The options of a session, from keyword arguments.
pub(crate) fn options(py: Python<'_>, text: &str, given: Option<&Bound<'_, PyDict>>) -> PyResult<CardOptions> {
    let options = given.map_or_else(|| Ok(PyDict::new(py)), |given| given.copy())?;
    options.set_item("text", text)?;
    let json = encoded("options_as_json", &options)?;
    CardOptions::from_json(&json).map_err(|error| raised(py, &error))
}
