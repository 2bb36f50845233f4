//! Access tokens: the same one while it lives, a new one after that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::Endpoint;
use crate::platform::Platform;

const TOKEN_LIFE_S: u64 = 7_200;

/// By client id: the token and when it ends.
#[derive(Debug, Default)]
pub(crate) struct Tokens(Mutex<HashMap<String, (String, u64)>>);

impl Tokens {
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn issue(platform: &Platform, client_id: &str, client_secret: &str) -> Option<String> {
    platform.apps.authenticate(client_id, client_secret)?;
    let now = platform.clock.now();
    let mut tokens = platform.tokens.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (token, ends) = tokens.entry(client_id.to_owned()).or_default();
    if now >= *ends {
        (*token, *ends) = (platform.dice.hex(), now + TOKEN_LIFE_S * 1_000);
    }
    Some(token.clone())
}

pub(crate) async fn access_token(State(platform): State<Arc<Platform>>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (app_key, app_secret) = (text("appKey"), text("appSecret"));
    let request_id = platform.dice.uuid().to_uppercase();
    let response = match broken(&platform, &request_id).await {
        Some(response) => response,
        None => match issue(&platform, &app_key, &app_secret) {
            Some(token) => Json(json!({"accessToken": token, "expireIn": TOKEN_LIFE_S})).into_response(),
            None => {
                let message = "无效的clientId或者clientSecret";
                let refusal = json!({"code": "invalidClientIdOrSecret", "requestid": request_id, "message": message});
                (StatusCode::BAD_REQUEST, Json(refusal)).into_response()
            }
        },
    };
    record(&platform, "/v1.0/oauth2/accessToken", &app_key, &response);
    response
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
    record(&platform, "/gettoken", &asked.appkey, &response);
    response
}

async fn broken(platform: &Platform, request_id: &str) -> Option<Response> {
    platform.faults.take(Endpoint::Token)?.strike(request_id).await
}

fn record(platform: &Platform, path: &str, client_id: &str, response: &Response) {
    platform.record("token", json!({"clientId": client_id, "path": path, "status": response.status().as_u16()}));
}
