//! What is sent: one type, encoded for the way it takes.

mod webhook;

use std::fmt;

use serde_json::{Map, Value};

use crate::error::{Error, Result, argument};

/// One field of a message, for those who write the builders of other languages.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// Its name in snake case.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// One type of message: its fields, all of them texts that must not be empty.
#[derive(Debug, Clone, Copy)]
pub struct MessageSpec {
    /// Its name in snake case: the value of `type` in JSON.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields, in the order in which builders take them.
    pub fields: &'static [FieldSpec],
}

macro_rules! messages {
    ($($(#[doc = $doc:literal])+ $name:ident $variant:ident { $($(#[doc = $field_doc:literal])+ $field:ident,)+ })+) => {
        #[derive(Clone, PartialEq, Eq)]
        pub(crate) enum Body {
            $($variant { $($field: String,)+ },)+
        }

        /// Every type of message, for those who write the builders of other languages.
        pub const MESSAGES: &[MessageSpec] = &[$(MessageSpec {
            name: stringify!($name),
            doc: concat!($($doc, "\n"),+).trim_ascii(),
            fields: &[$(FieldSpec { name: stringify!($field), doc: concat!($($field_doc, "\n"),+).trim_ascii() },)+],
        },)+];

        impl Message {
            $($(#[doc = $doc])+ pub fn $name($($field: impl Into<String>,)+) -> Self {
                Self::of(Body::$variant { $($field: $field.into(),)+ })
            })+

            /// The name of its type.
            pub fn type_name(&self) -> &'static str {
                match &self.body { $(Body::$variant { .. } => stringify!($name),)+ }
            }

            fn fields(&self) -> Vec<(&'static str, &str)> {
                match &self.body {
                    $(Body::$variant { $($field,)+ } => vec![$((stringify!($field), $field.as_str()),)+],)+
                }
            }

            fn read_body(name: &str, object: &Map<String, Value>) -> Result<Body> {
                match name {
                    $(stringify!($name) => Ok(Body::$variant { $($field: text_of(object, name, stringify!($field))?,)+ }),)+
                    _ => Err(argument(format!("there is no message of type {name:?}"))
                        .hint(concat!("the types are", $(" ", stringify!($name)),+))),
                }
            }
        }
    };
}

/// A message to send. Who is to be mentioned is said once and rendered where the type needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub(crate) body: Body,
    pub(crate) at_mobiles: Vec<String>,
    pub(crate) at_user_ids: Vec<String>,
    pub(crate) at_all: bool,
}

messages! {
    /// Plain text.
    text Text {
        /// The text.
        content,
    }
    /// Text in DingTalk's subset of markdown: headings, quotes, bold, italic, links, images and lists.
    markdown Markdown {
        /// What the conversation list and notifications show.
        title,
        /// The markdown.
        text,
    }
}

impl Message {
    fn of(body: Body) -> Self {
        Self { body, at_mobiles: Vec::new(), at_user_ids: Vec::new(), at_all: false }
    }

    /// Mentions the member with this mobile number.
    #[must_use]
    pub fn at_mobile(mut self, mobile: impl Into<String>) -> Self {
        self.at_mobiles.push(mobile.into());
        self
    }

    /// Mentions the member with this user id (staff id).
    #[must_use]
    pub fn at_user(mut self, user_id: impl Into<String>) -> Self {
        self.at_user_ids.push(user_id.into());
        self
    }

    /// Mentions everybody.
    #[must_use]
    pub fn at_all(mut self) -> Self {
        self.at_all = true;
        self
    }

    /// A message from JSON: `{"type":"markdown","title":…,"text":…,"at_mobiles":[…],"at_user_ids":[…],"at_all":true}`.
    ///
    /// # Errors
    /// `argument` for anything else, naming what is wrong.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| argument(format!("the message is not JSON (line {})", error.line())))?;
        let object = value.as_object().ok_or_else(|| argument("the message is not a JSON object"))?;
        let name = object.get("type").and_then(Value::as_str).ok_or_else(|| argument("the message has no type"))?;
        let mut message = Self::of(Self::read_body(name, object)?);
        message.at_mobiles = texts_of(object, "at_mobiles")?;
        message.at_user_ids = texts_of(object, "at_user_ids")?;
        message.at_all = match object.get("at_all") {
            None | Some(Value::Null) => false,
            Some(value) => value.as_bool().ok_or_else(|| argument("at_all takes true or false"))?,
        };
        let known = |key: &str| {
            matches!(key, "type" | "at_mobiles" | "at_user_ids" | "at_all")
                || message.fields().iter().any(|(field, _)| *field == key)
        };
        match object.keys().find(|key| !known(key)) {
            Some(key) => Err(argument(format!("a {name} message has no field {key:?}"))),
            None => Ok(message),
        }
    }

    /// The message as JSON, in the shape that [`from_json`](Self::from_json) takes.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("type".to_owned(), self.type_name().into());
        for (name, value) in self.fields() {
            object.insert(name.to_owned(), value.into());
        }
        for (name, list) in [("at_mobiles", &self.at_mobiles), ("at_user_ids", &self.at_user_ids)] {
            if !list.is_empty() {
                object.insert(name.to_owned(), list.as_slice().into());
            }
        }
        if self.at_all {
            object.insert("at_all".to_owned(), true.into());
        }
        Value::Object(object)
    }

    /// Refuses what DingTalk would refuse.
    pub(crate) fn check(&self) -> Result<()> {
        match self.fields().iter().find(|(_, value)| value.trim().is_empty()) {
            Some((field, _)) => Err(empty(self.type_name(), field)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Message {
    /// Shows the type alone: the text is what a person reads, and belongs in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.type_name())
    }
}

fn empty(name: &str, field: &str) -> Error {
    argument(format!("{field} of the {name} message is empty")).hint("DingTalk refuses empty fields")
}

fn text_of(object: &Map<String, Value>, name: &str, field: &str) -> Result<String> {
    match object.get(field) {
        Some(Value::String(text)) => Ok(text.clone()),
        None => Err(argument(format!("a {name} message needs {field}"))),
        Some(_) => Err(argument(format!("{field} of the {name} message takes a text"))),
    }
}

fn texts_of(object: &Map<String, Value>, field: &str) -> Result<Vec<String>> {
    let wrong = || argument(format!("{field} takes a list of texts"));
    match object.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => {
            list.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_both_ways() {
        let message = Message::markdown("t", "x").at_mobile("138").at_user("u").at_all();
        let json = message.to_json().to_string();
        assert_eq!(
            json,
            r#"{"type":"markdown","title":"t","text":"x","at_mobiles":["138"],"at_user_ids":["u"],"at_all":true}"#
        );
        assert_eq!(Message::from_json(&json).expect("the same"), message);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refused = |json: &str| Message::from_json(json).expect_err("refused").to_string();
        assert_eq!(refused(r#"{"type":"poem"}"#), "there is no message of type \"poem\": the types are text markdown");
        assert_eq!(refused(r#"{"type":"text"}"#), "a text message needs content");
        assert_eq!(refused(r#"{"type":"text","content":7}"#), "content of the text message takes a text");
        assert_eq!(refused(r#"{"type":"text","content":"x","colour":1}"#), "a text message has no field \"colour\"");
        assert_eq!(refused(r#"{"type":"text","content":"x","at_mobiles":"138"}"#), "at_mobiles takes a list of texts");
        assert_eq!(refused("[]"), "the message is not a JSON object");
    }

    #[test]
    fn an_empty_message_is_refused_before_it_is_sent() {
        let error = Message::markdown("t", " \n").check().expect_err("refused");
        assert_eq!(error.message(), "text of the markdown message is empty");
    }

    #[test]
    fn the_text_is_not_in_debug_output() {
        assert!(!format!("{:?}", Message::text("planted")).contains("planted"));
    }
}
