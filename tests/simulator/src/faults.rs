//! What goes wrong on purpose: the next answers of an endpoint, until healed or used up.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::words::api_error;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Endpoint {
    Open,
    Upgrade,
    Webhook,
    Token,
    Robot,
    Download,
    /// Whatever OpenAPI call has no fault of its own.
    OpenApi,
    /// The OpenAPI calls with this path.
    Path(String),
    /// The one with this method and path.
    Call(String),
}

impl Endpoint {
    /// As `POST /_sim/break` calls it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "open" => Self::Open,
            "upgrade" => Self::Upgrade,
            "webhook" => Self::Webhook,
            "token" => Self::Token,
            "robot" => Self::Robot,
            "download" => Self::Download,
            "openapi" => Self::OpenApi,
            path if path.starts_with('/') => Self::Path(path.to_owned()),
            call if call.contains(" /") => Self::Call(call.to_owned()),
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Fault {
    status: Option<u16>,
    body: Option<Value>,
    code: Option<String>,
    errcode: Option<i64>,
    errmsg: Option<String>,
    html: bool,
    delay_ms: u64,
    /// Only the answer is spoilt: what was asked for is done.
    pub(crate) done: bool,
    /// How many answers it spoils; without it, every one until healed.
    times: Option<u32>,
}

pub(crate) const BLOCKED_PAGE: &str =
    "<!DOCTYPE html><html><head><title>访问被拒绝</title></head><body>punish</body></html>";

impl Fault {
    /// Waits as long as the fault says. None when delay is all that it does.
    pub(crate) async fn strike(&self, request_id: &str) -> Option<Response> {
        tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        let (status, body) = self.answer(request_id)?;
        let kind = if body.starts_with('<') { "text/html; charset=utf-8" } else { "application/json" };
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(status);
        let mut response = (status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Some(response)
    }

    /// What a record says of the answer that it gave.
    pub(crate) fn told(&self) -> Value {
        json!({"errcode": self.errcode, "code": self.code})
    }

    fn answer(&self, request_id: &str) -> Option<(StatusCode, String)> {
        let api = |code| {
            let (status, body) = api_error(code, request_id);
            (status, body.to_string())
        };
        Some(match (&self.body, &self.code, self.errcode, self.status) {
            (Some(Value::String(text)), ..) => (StatusCode::OK, text.clone()),
            (Some(body), ..) => (StatusCode::OK, body.to_string()),
            _ if self.html => (StatusCode::OK, BLOCKED_PAGE.to_owned()),
            (_, Some(code), ..) => api(code),
            (_, _, Some(errcode), _) => {
                let errmsg = self.errmsg.as_deref().unwrap_or("系统繁忙");
                (StatusCode::OK, json!({"errcode": errcode, "errmsg": errmsg}).to_string())
            }
            (.., Some(401)) => api("authFailed"),
            (.., Some(403)) => api("Forbidden.AccessDenied.IpNotInWhiteList"),
            (.., Some(_)) => api("system.busy"),
            (.., None) => return None,
        })
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<HashMap<Endpoint, Vec<Fault>>>);

impl Faults {
    pub(crate) fn add(&self, endpoint: Endpoint, fault: Fault) {
        self.lock().entry(endpoint).or_default().push(fault);
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The oldest fault that still has an answer to spoil.
    pub(crate) fn take(&self, endpoint: &Endpoint) -> Option<Fault> {
        let mut faults = self.lock();
        let queue = faults.get_mut(endpoint)?;
        queue.retain(|fault| fault.times != Some(0));
        let fault = queue.first_mut()?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Endpoint, Vec<Fault>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
