//! What the fields of a message hold, and how they are read from JSON.

use serde_json::{Map, Value, json};

use crate::error::{Error, Result, argument};

/// What a field takes, for those who write the builders of other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text that must not be empty.
    Text,
    /// A text; empty where it is not given.
    Optional,
    /// A whole number.
    Int,
    /// Yes or no; no where it is not given.
    Flag,
    /// A list of `{title, url}`, at least one.
    Buttons,
    /// A list of `{title, url, picture}`, at least one.
    Entries,
}

/// A button of an action card.
#[derive(Clone, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub title: String,
    /// What it opens.
    pub url: String,
}

impl Button {
    /// A button.
    pub fn new(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { title: title.into(), url: url.into() }
    }
}

/// An entry of a feed card.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its headline.
    pub title: String,
    /// What it opens.
    pub url: String,
    /// Its picture: a URL or a media id.
    pub picture: String,
}

impl Entry {
    /// An entry.
    pub fn new(title: impl Into<String>, url: impl Into<String>, picture: impl Into<String>) -> Self {
        Self { title: title.into(), url: url.into(), picture: picture.into() }
    }
}

/// A value of a field.
pub(super) trait FieldValue: Sized {
    /// From JSON; `None` where the field is absent.
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str>;
    /// As JSON; `None` where it is as if it were absent.
    fn write(&self) -> Option<Value>;
    /// Whether something is missing that DingTalk insists on.
    fn is_blank(&self) -> bool;
}

/// A text that may be left out.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Optional(pub(crate) String);

impl FieldValue for String {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.and_then(Value::as_str).map(str::to_owned).ok_or("a text")
    }

    fn write(&self) -> Option<Value> {
        Some(self.as_str().into())
    }

    fn is_blank(&self) -> bool {
        self.trim().is_empty()
    }
}

impl FieldValue for Optional {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.map_or(Ok(Self::default()), |value| String::read(Some(value)).map(Self))
    }

    fn write(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.0.as_str().into())
    }

    fn is_blank(&self) -> bool {
        false
    }
}

impl FieldValue for u64 {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.and_then(Value::as_u64).ok_or("a whole number")
    }

    fn write(&self) -> Option<Value> {
        Some((*self).into())
    }

    fn is_blank(&self) -> bool {
        false
    }
}

impl FieldValue for bool {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.map_or(Some(false), Value::as_bool).ok_or("true or false")
    }

    fn write(&self) -> Option<Value> {
        self.then_some(Value::Bool(true))
    }

    fn is_blank(&self) -> bool {
        false
    }
}

impl FieldValue for Vec<Button> {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        list(value, |entry| Some(Button::new(text(entry, "title")?, text(entry, "url")?)))
            .ok_or("a list of objects with title and url")
    }

    fn write(&self) -> Option<Value> {
        Some(self.iter().map(|button| json!({ "title": button.title, "url": button.url })).collect())
    }

    fn is_blank(&self) -> bool {
        self.is_empty() || self.iter().any(|button| button.title.is_blank() || button.url.is_blank())
    }
}

impl FieldValue for Vec<Entry> {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        list(value, |entry| Some(Entry::new(text(entry, "title")?, text(entry, "url")?, text(entry, "picture")?)))
            .ok_or("a list of objects with title, url and picture")
    }

    fn write(&self) -> Option<Value> {
        let entry = |entry: &Entry| json!({ "title": entry.title, "url": entry.url, "picture": entry.picture });
        Some(self.iter().map(entry).collect())
    }

    fn is_blank(&self) -> bool {
        let blank = |entry: &Entry| entry.title.is_blank() || entry.url.is_blank() || entry.picture.is_blank();
        self.is_empty() || self.iter().any(blank)
    }
}

/// Reads a field, naming what it takes where it holds something else.
pub(super) fn read<T: FieldValue>(object: &Map<String, Value>, name: &str, field: &str) -> Result<T> {
    T::read(object.get(field)).map_err(|takes| match object.get(field) {
        None => argument(format!("a {name} message needs {field}")),
        Some(_) => argument(format!("{field} of the {name} message takes {takes}")),
    })
}

/// The refusal of a field that holds nothing.
pub(super) fn blank(name: &str, field: &str) -> Error {
    argument(format!("{field} of the {name} message is empty")).hint("DingTalk refuses empty fields")
}

fn list<T>(value: Option<&Value>, read: impl Fn(&Map<String, Value>) -> Option<T>) -> Option<Vec<T>> {
    value?.as_array()?.iter().map(|entry| read(entry.as_object()?)).collect()
}

/// Exactly the known fields, all of them texts: a misspelt one would be lost.
fn text(entry: &Map<String, Value>, field: &str) -> Option<String> {
    let known = |key: &String| matches!(key.as_str(), "title" | "url" | "picture");
    if entry.keys().all(known) { entry.get(field)?.as_str().map(str::to_owned) } else { None }
}
