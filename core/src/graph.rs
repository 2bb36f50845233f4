//! What answers a [`GraphRequest`](crate::GraphRequest): HTTP in JSON (the developer pedia's `create-stream-app`).

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use crate::delivery::Delivery;
use crate::error::Result;
use crate::handlers::Settle;

/// A response to an AI assistant or plugin.
#[derive(Clone, PartialEq, Eq)]
pub struct GraphResponse {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl GraphResponse {
    /// A status and a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// A status and a body of any type.
    pub fn new(status: u16, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        let headers = BTreeMap::from([("content-type".to_owned(), content_type.into())]);
        Self { status, headers, body: body.into() }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_ascii_lowercase(), value.into());
        self
    }

    /// What the delivery is settled with: `{"statusLine":{"code","reasonPhrase"},"headers","body"}`.
    pub fn to_json(&self) -> Value {
        let reason = StatusCode::from_u16(self.status).ok().and_then(|status| status.canonical_reason());
        json!({
            "statusLine": { "code": self.status, "reasonPhrase": reason.unwrap_or_default() },
            "headers": self.headers,
            "body": self.body,
        })
    }
}

impl Settle for GraphResponse {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(self.to_json())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_http_in_json() {
        let response = GraphResponse::json(404, &json!({ "a": 1 })).header("X-Trace", "t");
        assert_eq!(
            response.to_json().to_string(),
            r#"{"statusLine":{"code":404,"reasonPhrase":"Not Found"},"headers":{"content-type":"application/json","x-trace":"t"},"body":"{\"a\":1}"}"#
        );
    }
}
