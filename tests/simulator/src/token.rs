//! Access tokens: an app's own, the same one while it lives, and one more for every corp that an ISV asks for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Endpoint;
use crate::platform::Platform;
use crate::words::Refusal;

const TOKEN_LIFE_S: u64 = 7_200;

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caller {
    pub(crate) client_id: String,
    pub(crate) corp_id: Option<String>,
}

#[derive(Debug)]
struct Grant {
    caller: Caller,
    ends: u64,
}

/// By token.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, Grant>>);

impl Tokens {
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// From now on every token of this app, or of all, is unknown.
    pub(crate) fn revoke(&self, client_id: Option<&str>) {
        self.lock().retain(|_, grant| client_id.is_some_and(|revoked| revoked != grant.caller.client_id));
    }

    /// Whom the token speaks for while it lives.
    pub(crate) fn caller(&self, token: &str, now: u64) -> Option<Caller> {
        self.lock().get(token).filter(|grant| now < grant.ends).map(|grant| grant.caller.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Grant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn issue(platform: &Platform, client_id: &str, client_secret: &str) -> Option<String> {
    platform.apps.authenticate(client_id, client_secret)?;
    let caller = Caller { client_id: client_id.to_owned(), corp_id: None };
    let now = platform.clock.now();
    let mut tokens = platform.tokens.lock();
    let current = tokens.iter().find(|(_, grant)| grant.caller == caller && now < grant.ends);
    Some(match current {
        Some((token, _)) => token.clone(),
        None => grant(platform, &mut tokens, caller),
    })
}

fn issue_for_corp(platform: &Platform, body: &Value) -> Result<String, Refusal> {
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let app = platform.apps.authenticate(text("suiteKey"), text("suiteSecret"));
    let app = app.ok_or_else(|| Refusal::api("invalidSuiteKey"))?;
    if text("suiteTicket").is_empty() {
        return Err(Refusal::api("invalidSuiteTicket"));
    }
    if text("authCorpId").is_empty() {
        return Err(Refusal::api("invalidAuthInfo"));
    }
    let caller = Caller { client_id: app.client_id, corp_id: Some(text("authCorpId").to_owned()) };
    Ok(grant(platform, &mut platform.tokens.lock(), caller))
}

fn grant(platform: &Platform, tokens: &mut HashMap<String, Grant>, caller: Caller) -> String {
    let token = platform.dice.hex();
    tokens.insert(token.clone(), Grant { caller, ends: platform.clock.now() + TOKEN_LIFE_S * 1_000 });
    token
}

pub(crate) async fn access_token(State(platform): State<Arc<Platform>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let (app_key, app_secret) = (text("appKey"), text("appSecret"));
    let request_id = platform.dice.uuid().to_uppercase();
    let response = match broken(&platform, &request_id).await {
        Some(response) => response,
        None => {
            let token = issue(&platform, app_key, app_secret);
            granted(&platform, &request_id, token.ok_or_else(|| Refusal::api("invalidClientIdOrSecret")))
        }
    };
    record(&platform, "/v1.0/oauth2/accessToken", app_key, None, &response);
    response
}

pub(crate) async fn corp_access_token(State(platform): State<Arc<Platform>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let request_id = platform.dice.uuid().to_uppercase();
    let response = match broken(&platform, &request_id).await {
        Some(response) => response,
        None => granted(&platform, &request_id, issue_for_corp(&platform, &body)),
    };
    let suite_key = body.get("suiteKey").and_then(Value::as_str).unwrap_or_default();
    record(&platform, "/v1.0/oauth2/corpAccessToken", suite_key, body.get("authCorpId"), &response);
    response
}

fn granted(platform: &Platform, request_id: &str, outcome: Result<String, Refusal>) -> Response {
    match outcome {
        Ok(token) => Json(json!({"accessToken": token, "expireIn": TOKEN_LIFE_S})).into_response(),
        Err(refusal) => refusal.into_response(platform, request_id),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LegacyRequest {
    appkey: String,
    appsecret: String,
}

pub(crate) async fn legacy(State(platform): State<Arc<Platform>>, Query(asked): Query<LegacyRequest>) -> Response {
    let request_id = platform.dice.uuid().to_uppercase();
    let response = match broken(&platform, &request_id).await {
        Some(response) => response,
        None => Json(match issue(&platform, &asked.appkey, &asked.appsecret) {
            Some(token) => {
                json!({"errcode": 0, "access_token": token, "errmsg": "ok", "expires_in": TOKEN_LIFE_S})
            }
            None => json!({"errcode": 40_089, "errmsg": "不合法的corpId或corpSecret"}),
        })
        .into_response(),
    };
    record(&platform, "/gettoken", &asked.appkey, None, &response);
    response
}

async fn broken(platform: &Platform, request_id: &str) -> Option<Response> {
    platform.faults.take(&Endpoint::Token)?.strike(request_id).await
}

fn record(platform: &Platform, path: &str, client_id: &str, corp_id: Option<&Value>, response: &Response) {
    let status = response.status().as_u16();
    platform.record("token", json!({"clientId": client_id, "corpId": corp_id, "path": path, "status": status}));
}
