//! What options take, and how a value is read.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{Answer, Ordering};
use crate::error::{Error, config};
use crate::log::Level;
use crate::secret::Secret;

/// What values an option takes, for those who write the options of other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// UTF-8 text.
    Text,
    /// UTF-8 text that is never shown again.
    Secret,
    /// A whole number of milliseconds.
    Millis,
    /// A whole number above zero.
    Count,
    /// Yes or no.
    Bool,
    /// A list of texts.
    Texts,
    /// An object whose values are texts.
    Map,
    /// An object of any values.
    Object,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// One option: its name, what it takes, its default and what it does.
#[derive(Debug, Clone, Copy)]
pub struct OptionSpec {
    /// Its name in snake case.
    pub name: &'static str,
    /// The values it takes.
    pub kind: OptionKind,
    /// The default, as it is told to a reader; empty where there is none.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
}

pub(crate) trait OptionValue: Sized {
    const KIND: OptionKind;
    fn read(value: &Value) -> Option<Self>;
}

impl OptionValue for String {
    const KIND: OptionKind = OptionKind::Text;
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl OptionValue for Secret {
    const KIND: OptionKind = OptionKind::Secret;
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
}

impl OptionValue for Duration {
    const KIND: OptionKind = OptionKind::Millis;
    fn read(value: &Value) -> Option<Self> {
        value.as_u64().map(Self::from_millis)
    }
}

impl OptionValue for usize {
    const KIND: OptionKind = OptionKind::Count;
    fn read(value: &Value) -> Option<Self> {
        value.as_u64().filter(|count| *count > 0).and_then(|count| count.try_into().ok())
    }
}

impl OptionValue for bool {
    const KIND: OptionKind = OptionKind::Bool;
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl OptionValue for Vec<String> {
    const KIND: OptionKind = OptionKind::Texts;
    fn read(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    }
}

impl OptionValue for BTreeMap<String, String> {
    const KIND: OptionKind = OptionKind::Map;
    fn read(value: &Value) -> Option<Self> {
        let entries = value.as_object()?.iter();
        entries.map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
    }
}

impl OptionValue for Map<String, Value> {
    const KIND: OptionKind = OptionKind::Object;
    fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}

/// Makes an enum an option whose values are words.
macro_rules! choice {
    ($type:ident { $($word:literal => $variant:ident,)+ }) => {
        impl $crate::config::OptionValue for $type {
            const KIND: $crate::config::OptionKind = $crate::config::OptionKind::Choice(&[$($word),+]);
            fn read(value: &serde_json::Value) -> Option<Self> {
                match value.as_str()? {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use choice;

choice! { Answer { "on_receipt" => OnReceipt, "on_completion" => OnCompletion, } }
choice! { Ordering { "conversation" => Conversation, "sender" => Sender, "none" => None, } }

impl OptionValue for Level {
    const KIND: OptionKind = OptionKind::Choice(Level::NAMES);
    fn read(value: &Value) -> Option<Self> {
        Self::from_name(value.as_str()?)
    }
}

pub(crate) fn wrong_type(name: &str, kind: OptionKind) -> Error {
    let expected = match kind {
        OptionKind::Text | OptionKind::Secret => "a text".to_owned(),
        OptionKind::Millis => "a whole number of milliseconds".to_owned(),
        OptionKind::Count => "a whole number above zero".to_owned(),
        OptionKind::Bool => "true or false".to_owned(),
        OptionKind::Texts => "a list of texts".to_owned(),
        OptionKind::Map => "an object whose values are texts".to_owned(),
        OptionKind::Object => "an object".to_owned(),
        OptionKind::Choice(words) => format!("one of {}", words.join(", ")),
    };
    config(format!("{name} takes {expected}"))
}
