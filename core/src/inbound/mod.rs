//! Typed, tolerant views of what arrives. Every field is read from the raw JSON when it is asked for; nothing is lost.

mod views;

use std::borrow::Cow;

use serde_json::Value;

use crate::delivery::Delivery;
use crate::json::Json;
use crate::kind::Kind;
pub use views::{BotMessage, CardAction, Event, GraphRequest, StateChange, VIEWS};

/// What a field reads as, for those who write the views of other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A text without the spaces, tabs and line breaks around it.
    Trimmed,
    /// A whole number.
    Int,
    /// A boolean.
    Bool,
    /// Any JSON value.
    Json,
    /// A list; a single value reads as a list of it.
    List,
}

/// Where a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// In the payload.
    Data,
    /// In the headers of the frame.
    Headers,
}

/// One field of a view.
#[derive(Debug, Clone, Copy)]
pub struct ViewField {
    /// Its name in snake case.
    pub name: &'static str,
    /// What it reads as.
    pub kind: FieldKind,
    /// Where it is read.
    pub part: Part,
    /// JSON pointers; the first that finds something counts.
    pub pointers: &'static [&'static str],
    /// What it means.
    pub doc: &'static str,
}

/// One view: a class in every language.
#[derive(Debug, Clone, Copy)]
pub struct ViewSpec {
    /// The name of the class.
    pub name: &'static str,
    /// The kind of delivery that it is a view of.
    pub kind: Kind,
    /// What it is.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [ViewField],
}

fn part(delivery: &Delivery, part: Part) -> &Json {
    match part {
        Part::Data => delivery.data(),
        Part::Headers => delivery.headers(),
    }
}

fn first<T>(pointers: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
    pointers.iter().find_map(|pointer| read(pointer))
}

fn listed(value: Value) -> Value {
    match value {
        Value::Array(_) => value,
        one => Value::Array(vec![one]),
    }
}

/// ASCII alone, so that every language trims the same.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    const AROUND: [char; 4] = [' ', '\t', '\r', '\n'];
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(AROUND)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(AROUND).to_owned()),
    }
}
