//! What goes wrong on purpose: the next answers of an endpoint, until healed or used up.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Endpoint {
    Open,
    Upgrade,
    Webhook,
    Token,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Fault {
    status: Option<u16>,
    body: Option<Value>,
    errcode: Option<i64>,
    errmsg: Option<String>,
    html: bool,
    delay_ms: u64,
    /// How many answers it spoils; without it, every one until healed.
    times: Option<u32>,
}

const BLOCKED_PAGE: &str = "<!DOCTYPE html><html><head><title>访问被拒绝</title></head><body>punish</body></html>";

impl Fault {
    /// Waits as long as the fault says. None when delay is all that it does.
    pub(crate) async fn strike(&self, request_id: &str) -> Option<Response> {
        tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        if self.status.is_none() && self.body.is_none() && self.errcode.is_none() && !self.html {
            return None;
        }
        let body = self.body(request_id);
        let kind = if body.starts_with('<') { "text/html; charset=utf-8" } else { "application/json" };
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        let mut response = (status, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Some(response)
    }

    pub(crate) fn errcode(&self) -> Option<i64> {
        self.errcode
    }

    fn body(&self, request_id: &str) -> String {
        match &self.body {
            Some(Value::String(text)) => return text.clone(),
            Some(body) => return body.to_string(),
            None => {}
        }
        if self.html {
            return BLOCKED_PAGE.to_owned();
        }
        if let Some(errcode) = self.errcode {
            return json!({"errcode": errcode, "errmsg": self.errmsg.as_deref().unwrap_or("系统繁忙")}).to_string();
        }
        let (code, message) = match self.status {
            Some(401) => ("authFailed", "鉴权失败"),
            Some(403) => ("Forbidden.AccessDenied.IpNotInWhiteList", "访问ip不在白名单之中"),
            _ => ("system.busy", "系统繁忙"),
        };
        json!({"requestid": request_id, "code": code, "message": message}).to_string()
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
    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut faults = self.lock();
        let queue = faults.get_mut(&endpoint)?;
        queue.retain(|fault| fault.times != Some(0));
        let fault = queue.first_mut()?;
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Endpoint, Vec<Fault>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
