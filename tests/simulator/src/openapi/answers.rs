//! The answers that a test has planted for calls that the simulator doesn't know, or in place of its own.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// `POST /_sim/answers`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PlantedAnswer {
    method: String,
    path: String,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default = "nothing")]
    body: Value,
}

fn ok() -> u16 {
    200
}

fn nothing() -> Value {
    json!({})
}

/// By method and path.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<HashMap<(String, String), (StatusCode, Value)>>);

impl Answers {
    pub(crate) fn plant(&self, planted: PlantedAnswer) -> Result<(), String> {
        if !planted.path.starts_with('/') || planted.path.contains('?') {
            return Err("the path begins with a slash and has no query".to_owned());
        }
        let status = StatusCode::from_u16(planted.status).map_err(|error| error.to_string())?;
        self.lock().insert((planted.method.to_uppercase(), planted.path), (status, planted.body));
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(super) fn find(&self, method: &str, path: &str) -> Option<(StatusCode, Value)> {
        self.lock().get(&(method.to_owned(), path.to_owned())).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), (StatusCode, Value)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
