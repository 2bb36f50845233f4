//! What no record may show: secrets and tokens, wherever in JSON they stand.

use serde_json::{Value, json};

pub(crate) fn mask(mut value: Value) -> Value {
    hide(&mut value);
    value
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret(name) {
                    *value = json!("***");
                } else {
                    hide(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(hide),
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // A page of results is no secret.
    name != "nexttoken" && (name.ends_with("secret") || name.ends_with("token") || name == "sign")
}
