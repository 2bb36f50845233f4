//! What has a name in JavaScript and a number in the core, and lists on their way to the core.

use dingstream::error::{Error, ErrorKind, Result};

/// The one with this name in its table of names and numbers; the error names all that there are.
pub(crate) fn named<T>(
    table: &[(&str, u32, &str)],
    from_number: impl Fn(u32) -> Option<T>,
    what: &str,
    name: &str,
) -> Result<T> {
    let number = table.iter().find(|(known, ..)| *known == name).map(|(_, number, _)| *number);
    number.and_then(from_number).ok_or_else(|| {
        let names: Vec<_> = table.iter().map(|(name, ..)| *name).collect();
        Error::new(ErrorKind::Argument, format!("there is no {what} {name:?}"))
            .hint(format!("the {what}s are {}", names.join(", ")))
    })
}

/// A JSON list of texts.
pub(crate) fn texts(what: &str, json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json)
        .map_err(|_| Error::new(ErrorKind::Argument, format!("{what} are not given as a list of texts")))
}
