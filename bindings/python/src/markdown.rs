//! What helps with DingTalk's subset of markdown, and what answers a plugin: the core's functions as Python sees them.

use dingstream::GraphResponse;
use dingstream::markdown::{self, PLACES, Place};
use pyo3::prelude::*;

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

/// What a graph handler returns.
#[pyfunction]
#[pyo3(signature = (body, *, status = 200, content_type = "application/json", headers = Vec::new()))]
pub(crate) fn graph_response<'py>(
    body: &Bound<'py, PyAny>,
    status: u16,
    content_type: &str,
    headers: Vec<(String, String)>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let text = match body.extract::<String>() {
        Ok(text) => text,
        Err(_) => dumps("body", body)?.to_string(),
    };
    let response = GraphResponse::new(status, content_type, text);
    let response = headers.into_iter().fold(response, |response, (name, value)| response.header(&name, value));
    loads(body.py(), Some(response.to_json()))
}
