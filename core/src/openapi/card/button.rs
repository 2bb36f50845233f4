//! The buttons of the templates that DingTalk publishes for everyone.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::error::{Result, argument};

/// A button of a public template: it opens a link, or tells the application that it was clicked.
#[derive(Clone, PartialEq, Eq)]
pub struct CardButton {
    text: String,
    does: Does,
    color: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
enum Does {
    Open(String),
    Tell(String),
}

impl CardButton {
    /// A button that opens a link.
    pub fn link(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self { text: text.into(), does: Does::Open(url.into()), color: None }
    }

    /// A button whose click comes as a card action with this id.
    pub fn action(text: impl Into<String>, id: impl Into<String>) -> Self {
        Self { text: text.into(), does: Does::Tell(id.into()), color: None }
    }

    /// Its colour, such as `blue`.
    #[must_use]
    pub fn color(mut self, color: impl Into<String>) -> Self {
        self.color = Some(color.into());
        self
    }

    pub(super) fn read(value: &Value) -> Result<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let does = match (text("url"), text("id")) {
            (Some(url), None) => Does::Open(url),
            (None, Some(id)) => Does::Tell(id),
            _ => return Err(wrong()),
        };
        let label = text("text").filter(|text| !text.is_empty()).ok_or_else(wrong)?;
        Ok(Self { text: label, does, color: text("color") })
    }

    /// A list of them, from JSON.
    pub(super) fn read_all(value: &Value) -> Result<Vec<Self>> {
        value.as_array().ok_or_else(wrong)?.iter().map(Self::read).collect()
    }

    /// As the templates want it.
    pub(super) fn encoded(&self) -> Value {
        let mut button = Map::from_iter([("text".to_owned(), self.text.as_str().into())]);
        match &self.does {
            Does::Open(url) => button.extend([("url".to_owned(), json!(url)), ("iosUrl".to_owned(), json!(url))]),
            Does::Tell(id) => button.extend([("id".to_owned(), json!(id)), ("request".to_owned(), json!(true))]),
        }
        button.extend(self.color.iter().map(|color| ("color".to_owned(), json!(color))));
        button.into()
    }
}

impl fmt::Debug for CardButton {
    /// Shows no text: it is what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardButton")
    }
}

fn wrong() -> crate::error::Error {
    argument("a button of a card has a text, and a url or an id")
        .hint(r#"give {"text":"Open","url":"https://…"}, or {"text":"Like","id":"like"} for one whose click arrives"#)
}
