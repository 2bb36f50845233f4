//! What helps with DingTalk's subset of markdown, and what answers a plugin: the core's functions as Python sees them.

use dingstream::GraphResponse;
use dingstream::error::{Error, ErrorKind};
use dingstream::markdown::{self, PLACES, Place};
use pyo3::prelude::*;
use pyo3::types::PyMapping;

use crate::error::raised;
use crate::json::{dumps, loads};
use crate::named::named;

/// A text that shows as it stands.
#[pyfunction]
pub(crate) fn escape_markdown(text: &str) -> String {
    markdown::escape(text)
}

/// A mention as a text shows it.
#[pyfunction]
pub(crate) fn mention(who: &str) -> String {
    markdown::mention(who)
}

/// An image by its URL or media id.
#[pyfunction]
pub(crate) fn image_markdown(photo: &str) -> String {
    markdown::image(photo)
}

/// The address that opens a URL in a place.
#[pyfunction]
#[pyo3(signature = (url, place = "panel"))]
pub(crate) fn link_to(py: Python<'_>, url: &str, place: &str) -> PyResult<String> {
    Ok(markdown::link(url, named(py, PLACES, Place::from_number, "place", place)?))
}

/// What DingTalk renders in place of what it does not.
#[pyfunction]
pub(crate) fn fit_markdown(text: &str) -> String {
    markdown::fit(text)
}

/// Parts of a long text.
#[pyfunction]
pub(crate) fn split_markdown(text: &str, bytes: usize) -> Vec<String> {
    markdown::split(text, bytes)
}

/// The body of a response: a text as it is, any other value as JSON.
#[derive(Default)]
pub(crate) struct Body(String);

impl FromPyObject<'_, '_> for Body {
    type Error = PyErr;

    fn extract(body: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        match body.extract::<String>() {
            Ok(text) => Ok(Self(text)),
            Err(_) => Ok(Self(dumps("body", &body)?.to_string())),
        }
    }
}

/// What a graph handler returns.
#[pyfunction]
#[pyo3(signature = (body = Body::default(), *, status = 200, content_type = "application/json", headers = None))]
pub(crate) fn graph_response<'py>(
    py: Python<'py>,
    body: Body,
    status: i64,
    content_type: &str,
    headers: Option<&Bound<'py, PyMapping>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let status = u16::try_from(status)
        .map_err(|_| raised(py, &Error::new(ErrorKind::Argument, "there is no such HTTP status")))?;
    let mut response = GraphResponse::new(status, content_type, body.0);
    if let Some(headers) = headers {
        for (name, value) in headers.items()?.extract::<Vec<(String, String)>>()? {
            response = response.header(&name, value);
        }
    }
    loads(py, Some(response.to_json()))
}
