//! What is sent.

use pyo3::prelude::*;

use crate::error::raised;

/// A message to send, made by `text`, `markdown` and the other builders.
#[pyclass(frozen, eq, module = "dingstream")]
#[derive(PartialEq)]
pub(crate) struct Message(pub(crate) dingstream::Message);

#[pymethods]
impl Message {
    /// A message from JSON: `{"type":"markdown","title":…,"text":…,"at_mobiles":[…]}`.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        dingstream::Message::from_json(text).map(Self).map_err(|error| raised(py, &error))
    }

    /// The message as JSON, in the shape that `from_json` takes.
    fn to_json(&self) -> String {
        self.0.to_json().to_string()
    }

    /// Shows the type alone: the text is what a person reads.
    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}
