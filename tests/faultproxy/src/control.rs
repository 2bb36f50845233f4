//! The control API of the program.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use dingstream_faultproxy::{Fault, FaultProxy};
use serde_json::{Value, json};

pub(crate) fn router(proxy: Arc<FaultProxy>) -> Router {
    Router::new()
        .route("/strike", post(strike))
        .route("/heal", post(heal))
        .route("/ledger", get(ledger))
        .with_state(proxy)
}

/// An order that can't be carried out, and the sentence that says why.
struct Refused(String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

type Answer = Result<Json<Value>, Refused>;

async fn strike(State(proxy): State<Arc<FaultProxy>>, body: Bytes) -> Answer {
    let fault: Fault =
        serde_json::from_slice(&body).map_err(|error| Refused(format!("the fault can't be read: {error}")))?;
    let connections = proxy.strike(fault).map_err(Refused)?;
    Ok(Json(json!({"connections": connections})))
}

async fn heal(State(proxy): State<Arc<FaultProxy>>) -> Answer {
    proxy.heal().map_err(|error| Refused(error.to_string()))?;
    Ok(Json(json!({})))
}

async fn ledger(State(proxy): State<Arc<FaultProxy>>) -> Json<Value> {
    Json(json!({"sockets": proxy.ledger()}))
}
