//! What the fields of a message hold, and how they are read from JSON.

use serde_json::{Map, Value, json};
use url::Url;

use crate::error::{Error, Result, argument};

/// What a field takes, for those who write the builders of other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text that must not be empty.
    Text,
    /// A text; empty where it is not given.
    Optional,
    /// The address of a page: any URL, also one of DingTalk's own.
    Address,
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
    /// What DingTalk would refuse.
    fn flaw(&self) -> Option<Flaw>;
    /// How many bytes its texts have.
    fn text_len(&self) -> usize;
}

/// What DingTalk would refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Something is missing.
    Blank,
    /// An address is no URL.
    NoUrl,
}

impl Flaw {
    pub(super) fn of(self, name: &str, field: &str) -> Error {
        match self {
            Self::Blank => {
                argument(format!("{field} of the {name} message is empty")).hint("DingTalk refuses empty fields")
            }
            Self::NoUrl => argument(format!("{field} of the {name} message holds what is no URL"))
                .hint("give a whole address such as https://example.com/page"),
        }
    }
}

/// The address of a page.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) String);

impl FieldValue for Address {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        String::read(value).map(Self)
    }

    fn write(&self) -> Option<Value> {
        self.0.write()
    }

    fn flaw(&self) -> Option<Flaw> {
        no_url(&self.0)
    }

    fn text_len(&self) -> usize {
        self.0.len()
    }
}

fn blank(text: &str) -> Option<Flaw> {
    text.trim().is_empty().then_some(Flaw::Blank)
}

fn no_url(url: &str) -> Option<Flaw> {
    blank(url).or_else(|| Url::parse(url).is_err().then_some(Flaw::NoUrl))
}

/// What the names of one part of a list need.
const PART: usize = 64;

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

    fn flaw(&self) -> Option<Flaw> {
        blank(self)
    }

    fn text_len(&self) -> usize {
        self.len()
    }
}

impl FieldValue for Optional {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.map_or(Ok(Self::default()), |value| String::read(Some(value)).map(Self))
    }

    fn write(&self) -> Option<Value> {
        (!self.0.is_empty()).then(|| self.0.as_str().into())
    }

    fn flaw(&self) -> Option<Flaw> {
        None
    }

    fn text_len(&self) -> usize {
        self.0.len()
    }
}

impl FieldValue for u64 {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.and_then(Value::as_u64).ok_or("a whole number")
    }

    fn write(&self) -> Option<Value> {
        Some((*self).into())
    }

    fn flaw(&self) -> Option<Flaw> {
        None
    }

    fn text_len(&self) -> usize {
        0
    }
}

impl FieldValue for bool {
    fn read(value: Option<&Value>) -> std::result::Result<Self, &'static str> {
        value.map_or(Some(false), Value::as_bool).ok_or("true or false")
    }

    fn write(&self) -> Option<Value> {
        self.then_some(Value::Bool(true))
    }

    fn flaw(&self) -> Option<Flaw> {
        None
    }

    fn text_len(&self) -> usize {
        0
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

    fn flaw(&self) -> Option<Flaw> {
        let of = |button: &Button| blank(&button.title).or_else(|| no_url(&button.url));
        if self.is_empty() { Some(Flaw::Blank) } else { self.iter().find_map(of) }
    }

    fn text_len(&self) -> usize {
        self.iter().map(|button| button.title.len() + button.url.len() + PART).sum()
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

    fn flaw(&self) -> Option<Flaw> {
        let of = |entry: &Entry| blank(&entry.title).or_else(|| no_url(&entry.url)).or_else(|| blank(&entry.picture));
        if self.is_empty() { Some(Flaw::Blank) } else { self.iter().find_map(of) }
    }

    fn text_len(&self) -> usize {
        self.iter().map(|entry| entry.title.len() + entry.url.len() + entry.picture.len() + PART).sum()
    }
}

/// Reads a field, naming what it takes where it holds something else.
pub(super) fn read<T: FieldValue>(object: &Map<String, Value>, name: &str, field: &str) -> Result<T> {
    T::read(object.get(field)).map_err(|takes| match object.get(field) {
        None => argument(format!("a {name} message needs {field}")),
        Some(_) => argument(format!("{field} of the {name} message takes {takes}")),
    })
}

fn list<T>(value: Option<&Value>, read: impl Fn(&Map<String, Value>) -> Option<T>) -> Option<Vec<T>> {
    value?.as_array()?.iter().map(|entry| read(entry.as_object()?)).collect()
}

/// Exactly the known fields, all of them texts: a misspelt one would be lost.
fn text(entry: &Map<String, Value>, field: &str) -> Option<String> {
    let known = |key: &String| matches!(key.as_str(), "title" | "url" | "picture");
    if entry.keys().all(known) { entry.get(field)?.as_str().map(str::to_owned) } else { None }
}
