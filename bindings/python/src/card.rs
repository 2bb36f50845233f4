//! Cards: what they are created from, and what answers their clicks.

use dingstream::error::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyMapping;
use serde_json::{Map, Value};

use crate::error::raised;
use crate::json::{dumps, encoded};

/// The core's card. Users see `dingstream.Card`.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Card(pub(crate) dingstream::Card);

#[pymethods]
impl Card {
    /// A card from JSON.
    #[new]
    fn new(py: Python<'_>, text: &str) -> PyResult<Self> {
        dingstream::Card::from_json(text).map(Self).map_err(|error| raised(py, &error))
    }

    #[getter]
    fn track_id(&self) -> &str {
        self.0.id()
    }

    /// Shows the ids alone: the values are what people read.
    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// What a click changes for the one who clicked.
#[pyclass(frozen, module = "dingstream")]
pub(crate) struct CardResponse(dingstream::CardResponse);

#[pymethods]
impl CardResponse {
    #[new]
    #[pyo3(signature = (data = None, private_data = None))]
    fn new(data: Option<&Bound<'_, PyMapping>>, private_data: Option<&Bound<'_, PyMapping>>) -> PyResult<Self> {
        Ok(Self(dingstream::CardResponse::of(values(data)?, values(private_data)?)))
    }

    /// Shows no values.
    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// What answers a request for dynamic data.
#[pyclass(frozen, module = "dingstream")]
pub(crate) struct DynamicData(dingstream::DynamicData);

#[pymethods]
impl DynamicData {
    #[new]
    fn new(data: &Bound<'_, PyMapping>) -> PyResult<Self> {
        Ok(Self(dingstream::DynamicData::of(values(Some(data))?)))
    }

    /// Shows no values, either.
    fn __repr__(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// What a delivery is settled with: an answer to a card, or any JSON.
pub(crate) fn response(given: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(answer) = given.cast::<CardResponse>() {
        Ok(answer.get().0.to_json())
    } else if let Ok(answer) = given.cast::<DynamicData>() {
        Ok(answer.get().0.to_json())
    } else {
        dumps("response", given)
    }
}

/// The values of variables.
fn values(given: Option<&Bound<'_, PyMapping>>) -> PyResult<Map<String, Value>> {
    let Some(given) = given else { return Ok(Map::new()) };
    let values = serde_json::from_str(&encoded("card_as_json", given)?);
    values.map_err(|_| {
        let error = Error::new(ErrorKind::Argument, "the values of a card are no mapping");
        raised(given.py(), &error)
    })
}
