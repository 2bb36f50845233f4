//! Which request goes where.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use axum::{Router, middleware};

use crate::platform::Platform;
use crate::{control, gateway, guard, stream, token, webhook};

const LARGEST_REQUEST: usize = 1024 * 1024;
/// Room for a test that pushes a huge frame.
const LARGEST_ORDER: usize = 64 * 1024 * 1024;

pub(crate) fn router(platform: Arc<Platform>) -> Router {
    let control = Router::new()
        .route("/state", get(control::state))
        .route("/reset", post(control::reset))
        .route("/apps", post(control::add_app))
        .route("/apps/{client_id}", delete(control::remove_app))
        .route("/settings", post(control::settings))
        .route("/push", post(control::push))
        .route("/break", post(control::break_it))
        .route("/heal", post(control::heal))
        .route("/records", get(control::records))
        .route("/clock", post(control::clock))
        .layer(DefaultBodyLimit::max(LARGEST_ORDER));
    Router::new()
        .nest("/_sim", control)
        .route("/v1.0/gateway/connections/open", post(gateway::open))
        .route("/v1.0/oauth2/accessToken", post(token::access_token))
        .route("/gettoken", get(token::legacy))
        .route("/robot/sendBySession", post(webhook::send_by_session))
        .fallback(stream::connect)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), guard::check))
        .with_state(platform)
}
