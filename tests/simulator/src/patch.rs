//! JSON Merge Patch (RFC 7396): how a test changes any field of what is pushed, and the settings.

use serde_json::{Map, Value};

pub(crate) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let fields = target.as_object_mut().expect("made an object above");
    for (key, value) in patch {
        if value.is_null() {
            // Not `remove`, which moves the last field into the gap and so reorders the frame.
            fields.shift_remove(key);
        } else {
            merge(fields.entry(key.as_str()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_adds_replaces_and_removes() {
        let mut value = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": 4});
        merge(&mut value, &json!({"a": null, "b": {"c": [5]}, "f": {"g": null, "h": 6}}));
        assert_eq!(value.to_string(), r#"{"b":{"c":[5],"d":3},"e":4,"f":{"h":6}}"#);
    }
}
