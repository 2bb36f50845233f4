//! What changes on a card that exists.

use std::fmt;

use serde_json::{Map, Value, json};

use super::values::{Values, lay};
use crate::error::{Result, argument};

/// New values for a card, by its `outTrackId`. Variables that it does not name stay as they are, unless it is
/// [`whole`](Self::whole).
#[derive(Clone, PartialEq)]
pub struct CardChange {
    track_id: String,
    values: Values,
    is_whole: bool,
    more: Map<String, Value>,
}

impl CardChange {
    /// A change of the card with this `outTrackId`.
    pub fn of(track_id: impl Into<String>) -> Self {
        Self { track_id: track_id.into(), values: Values::default(), is_whole: false, more: Map::new() }
    }

    /// A new value, of any type.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.set(name, value);
        self
    }

    /// A new value as one user sees it.
    #[must_use]
    pub fn private_value(mut self, user: &str, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.set_private(user, name, value);
        self
    }

    /// What it does not name is emptied.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.is_whole = true;
        self
    }

    pub(crate) fn values(mut self, values: Map<String, Value>) -> Self {
        self.values.data.extend(values);
        self
    }

    /// From JSON: `track_id`, `data`, `private_data` (by user id), `whole`, and any other field as DingTalk spells it.
    ///
    /// # Errors
    /// `argument` for a known field of another type.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).map_err(|_| argument("the change of a card is not JSON"))?;
        let Value::Object(object) = value else { return Err(argument("the change of a card is not a JSON object")) };
        let mut change = Self::of("");
        for (name, value) in object {
            match (name.as_str(), value) {
                (_, Value::Null) => {}
                ("track_id", Value::String(id)) => change.track_id = id,
                ("data", Value::Object(values)) => change.values.data = values,
                ("private_data", Value::Object(users)) if users.values().all(Value::is_object) => {
                    change.values.private = users;
                }
                ("whole", Value::Bool(whole)) => change.is_whole = whole,
                ("track_id", _) => return Err(argument("track_id takes a text")),
                ("data", _) => return Err(argument("data takes an object")),
                ("private_data", _) => return Err(argument("private_data takes objects by user id")),
                ("whole", _) => return Err(argument("whole takes true or false")),
                (_, value) => drop(change.more.insert(name, value)),
            }
        }
        Ok(change)
    }

    pub(super) fn body(&self) -> Result<Value> {
        if self.track_id.is_empty() {
            return Err(argument("the change names no card").hint("give the outTrackId that it was created with"));
        }
        let (has_data, private) = (!self.values.data.is_empty(), self.values.private());
        if !has_data && private.is_none() {
            return Err(argument("nothing changes on the card").hint("give data, private_data or both"));
        }
        let mut body = json!({ "outTrackId": self.track_id });
        if has_data {
            body["cardData"] = self.values.data();
        }
        if let Some(private) = private {
            body["privateData"] = private;
        }
        if !self.is_whole {
            // DingTalk empties what is not named, unless told otherwise (document 0782).
            body["cardUpdateOptions"] = json!({ "updateCardDataByKey": true, "updatePrivateDataByKey": true });
        }
        lay(&self.more, &mut body);
        Ok(body)
    }
}

impl fmt::Debug for CardChange {
    /// Shows no values: they are what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardChange({})", self.track_id)
    }
}
