//! What answers a [`CardAction`](crate::CardAction) (documents C1/0007 and C1/0008).

use std::fmt;

use serde_json::{Map, Value, json};

use crate::delivery::Delivery;
use crate::error::Result;
use crate::handlers::Settle;
use crate::openapi::card::values;

/// What a click changes for the one who clicked; what everybody is to see goes through
/// [`Client::card_update`](crate::Client::card_update). Values that it does not name stay.
#[derive(Clone, PartialEq, Default)]
pub struct CardResponse {
    data: Map<String, Value>,
    private: Map<String, Value>,
}

impl CardResponse {
    /// One that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A variable's new value, of any type.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.data.insert(name.into(), value.into());
        self
    }

    /// A private variable's new value for the one who clicked.
    #[must_use]
    pub fn private_value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.private.insert(name.into(), value.into());
        self
    }

    /// The same from values: `data` and `private_data`.
    pub fn of(data: Map<String, Value>, private: Map<String, Value>) -> Self {
        Self { data, private }
    }

    /// What the delivery is settled with.
    pub fn to_json(&self) -> Value {
        let mut response = json!({});
        if !self.data.is_empty() {
            response["cardData"] = json!({ "cardParamMap": values::encoded(&self.data) });
        }
        if !self.private.is_empty() {
            response["userPrivateData"] = json!({ "cardParamMap": values::encoded(&self.private) });
        }
        if !self.data.is_empty() || !self.private.is_empty() {
            response["cardUpdateOptions"] = json!({ "updateCardDataByKey": true, "updatePrivateDataByKey": true });
        }
        response
    }
}

impl Settle for CardResponse {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(self.to_json())
    }
}

/// What answers a request for dynamic data: a value for each source that it asks for.
#[derive(Clone, PartialEq, Default)]
pub struct DynamicData(Map<String, Value>);

impl DynamicData {
    /// No values yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a source, by its `dynamicDataSourceId`: a text, a list or an object.
    #[must_use]
    pub fn value(mut self, source: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(source.into(), value.into());
        self
    }

    /// The same from values by source.
    pub fn of(values: Map<String, Value>) -> Self {
        Self(values)
    }

    /// What the delivery is settled with.
    pub fn to_json(&self) -> Value {
        let response = |(source, value): (&String, &Value)| {
            let (kind, data) = match value {
                Value::Array(_) => ("ARRAY", value.to_string()),
                Value::Object(_) => ("OBJECT", value.to_string()),
                Value::String(text) => ("STRING", text.clone()),
                other => ("STRING", other.to_string()),
            };
            json!({ "dynamicDataSourceId": source, "dynamicDataValueType": kind, "data": data })
        };
        json!({ "dataSourceQueryResponses": self.0.iter().map(response).collect::<Vec<_>>() })
    }
}

impl Settle for DynamicData {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(self.to_json())
    }
}

impl fmt::Debug for CardResponse {
    /// Shows no values: they are what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardResponse")
    }
}

impl fmt::Debug for DynamicData {
    /// Shows no values, either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynamicData")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_names_what_changes() {
        assert_eq!(CardResponse::new().to_json(), json!({}));
        let response = CardResponse::new().value("likes", 2).private_value("liked", true);
        assert_eq!(
            response.to_json(),
            json!({
                "cardUpdateOptions": { "updateCardDataByKey": true, "updatePrivateDataByKey": true },
                "cardData": { "cardParamMap": { "likes": "2" } },
                "userPrivateData": { "cardParamMap": { "liked": "true" } },
            })
        );
    }

    #[test]
    fn dynamic_data_has_a_type() {
        let data = DynamicData::new().value("a", "text").value("b", json!([1]));
        assert_eq!(
            data.to_json()["dataSourceQueryResponses"],
            json!([
                { "dynamicDataSourceId": "a", "dynamicDataValueType": "STRING", "data": "text" },
                { "dynamicDataSourceId": "b", "dynamicDataValueType": "ARRAY", "data": "[1]" },
            ])
        );
    }
}
