//! The values of a card's variables: texts, whatever their type (document 0789).

use serde_json::{Map, Value, json};

/// What everybody sees, and what single users see instead, by their ids.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Values {
    pub(super) data: Map<String, Value>,
    pub(super) private: Map<String, Value>,
}

impl Values {
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.data.insert(name.into(), value.into());
    }

    pub(super) fn set_private(&mut self, user: &str, name: impl Into<String>, value: impl Into<Value>) {
        let of_user = self.private.entry(user).or_insert_with(|| json!({}));
        of_user[name.into()] = value.into();
    }

    /// `cardData`.
    pub(super) fn data(&self) -> Value {
        json!({ "cardParamMap": encoded(&self.data) })
    }

    /// `privateData`; `None` where nobody sees anything else.
    pub(super) fn private(&self) -> Option<Value> {
        let of_user = |values: &Value| json!({ "cardParamMap": values.as_object().map(encoded) });
        let users = self.private.iter().map(|(user, values)| (user.clone(), of_user(values)));
        (!self.private.is_empty()).then(|| users.collect())
    }
}

/// `cardParamMap`: a text stays, everything else becomes its JSON; `null` says nothing.
pub(crate) fn encoded(values: &Map<String, Value>) -> Value {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let texts = values.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?.into())));
    Value::Object(texts.collect())
}

/// Lays fields, as DingTalk spells them, over a body.
pub(super) fn lay<'a>(fields: impl IntoIterator<Item = (&'a String, &'a Value)>, body: &mut Value) {
    for (name, value) in fields {
        body[name] = value.clone();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_becomes_a_text() {
        let values = json!({ "a": "x", "b": 1, "c": true, "d": [{ "e": "f" }], "g": null, "h": "" });
        assert_eq!(
            encoded(values.as_object().expect("an object")),
            json!({ "a": "x", "b": "1", "c": "true", "d": r#"[{"e":"f"}]"#, "h": "" })
        );
    }
}
