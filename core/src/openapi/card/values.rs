//! The values of a card's variables: texts, whatever their type (document 0789).

use serde_json::{Map, Value};

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
