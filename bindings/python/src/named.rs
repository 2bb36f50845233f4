//! What has a name in Python and a number in the core.

use dingstream::error::{Error, ErrorKind};
use pyo3::prelude::*;

use crate::error::raised;

/// The one with this name in its table of names and numbers; the error names all that there are.
pub(crate) fn named<T>(
    py: Python<'_>,
    table: &[(&str, u32, &str)],
    from_number: impl Fn(u32) -> Option<T>,
    what: &str,
    name: &str,
) -> PyResult<T> {
    let number = table.iter().find(|(known, ..)| *known == name).map(|(_, number, _)| *number);
    number.and_then(from_number).ok_or_else(|| {
        let names: Vec<_> = table.iter().map(|(name, ..)| *name).collect();
        let error = Error::new(ErrorKind::Argument, format!("there is no {what} {name:?}"));
        raised(py, &error.hint(format!("the {what}s are {}", names.join(", "))))
    })
}
