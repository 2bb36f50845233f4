//! `POST /v1.0/gateway/connections/open`, and the tickets that it hands out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::Endpoint;
use crate::platform::Platform;

const TICKET_LIFE_MS: u64 = 90_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) topic: String,
}

/// What the client said of itself when it opened; the connection made with the ticket carries it on.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub(crate) client_id: String,
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) local_ip: Option<String>,
    pub(crate) ua: Option<String>,
    pub(crate) extras: Option<Value>,
    /// Path and query that the client must come back to.
    pub(crate) address: String,
    expires: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<HashMap<String, Opening>>);

impl Tickets {
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Taking is using: whatever becomes of the connection, the ticket is gone.
    pub(crate) fn take(&self, ticket: &str, now: u64) -> Result<Opening, &'static str> {
        let opening = self.lock().remove(ticket).ok_or("unknown or used ticket")?;
        if now > opening.expires { Err("expired ticket") } else { Ok(opening) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Opening>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) async fn open(State(platform): State<Arc<Platform>>, headers: HeaderMap, body: Bytes) -> Response {
    let request_id = platform.dice.uuid().to_uppercase();
    let mut parsed: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let outcome = match platform.faults.take(&Endpoint::Open) {
        Some(fault) => fault.strike(&request_id).await,
        None => None,
    };
    let response = outcome.unwrap_or_else(|| match admit(&platform, &parsed) {
        Ok((endpoint, ticket)) => Json(json!({"endpoint": endpoint, "ticket": ticket})).into_response(),
        Err((status, code, message)) => {
            (status, Json(json!({"requestid": request_id, "code": code, "message": message}))).into_response()
        }
    });
    if let Some(secret) = parsed.get_mut("clientSecret") {
        *secret = json!("***");
    }
    platform.record(
        "open",
        json!({
            "clientId": parsed.get("clientId"),
            "status": response.status().as_u16(),
            "body": parsed,
            "userAgent": headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()),
        }),
    );
    response
}

type Refusal = (StatusCode, String, String);

fn admit(platform: &Platform, body: &Value) -> Result<(String, String), Refusal> {
    if !body.is_object() {
        return Err(bad_request("InvalidParameter", "the request body is not a JSON object"));
    }
    let client_id = required(body, "clientId")?;
    let client_secret = required(body, "clientSecret")?;
    let app = platform.apps.authenticate(client_id, client_secret);
    let app = app.ok_or((StatusCode::UNAUTHORIZED, "authFailed".to_owned(), "鉴权失败".to_owned()))?;
    let subscriptions = body.get("subscriptions").filter(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    let subscriptions = subscriptions.ok_or_else(|| missing("subscriptions"))?;
    let subscriptions: Vec<Subscription> = Deserialize::deserialize(subscriptions)
        .map_err(|_| bad_request("InvalidParameter", "a subscription has a type and a topic"))?;
    if !subscriptions.iter().all(|one| ["SYSTEM", "EVENT", "CALLBACK"].contains(&one.kind.as_str())) {
        return Err(bad_request("InvalidParameter", "the type of a subscription is EVENT or CALLBACK"));
    }

    let settings = platform.settings.get();
    let ticket = if settings.hard_tickets { platform.dice.hard_ticket() } else { platform.dice.uuid() };
    let text = |field: &str| body.get(field).and_then(Value::as_str).map(str::to_owned);
    let endpoint = format!("{}{}", platform.endpoint_base(), settings.endpoint_path);
    let opening = Opening {
        client_id: app.client_id,
        subscriptions,
        local_ip: text("localIp"),
        ua: text("ua"),
        extras: body.get("extras").cloned(),
        address: settings.endpoint_path,
        expires: platform.clock.now() + TICKET_LIFE_MS,
    };
    platform.tickets.lock().insert(ticket.clone(), opening);
    Ok((endpoint, ticket))
}

fn required<'a>(body: &'a Value, field: &str) -> Result<&'a str, Refusal> {
    body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| missing(field))
}

fn missing(field: &str) -> Refusal {
    bad_request(&format!("Missing{field}"), &format!("{field} is mandatory for this action."))
}

fn bad_request(code: &str, message: &str) -> Refusal {
    (StatusCode::BAD_REQUEST, code.to_owned(), message.to_owned())
}
