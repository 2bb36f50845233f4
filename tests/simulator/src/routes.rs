//! Which request goes where.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{any, delete, get, post};
use axum::{Router, middleware};

use crate::platform::Platform;
use crate::{card, control, date, gateway, guard, openapi, plant, robot, stream, token, webhook};

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
        .route("/robots", post(plant::robot))
        .route("/answers", post(plant::answer))
        .route("/files", post(plant::file))
        .route("/media/{media_id}", get(plant::media))
        .route("/read", post(plant::read))
        .route("/templates", post(card::template))
        .route("/cards", get(card::all))
        .route("/cards/{id}", get(card::one))
        .route("/cards/forget", post(card::forget))
        .layer(DefaultBodyLimit::max(LARGEST_ORDER));
    let dingtalk = Router::new()
        .route("/v1.0/gateway/connections/open", post(gateway::open))
        .route("/v1.0/oauth2/accessToken", post(token::access_token))
        .route("/v1.0/oauth2/corpAccessToken", post(token::corp_access_token))
        .route("/gettoken", get(token::legacy))
        .route("/robot/sendBySession", post(webhook::send_by_session))
        .route("/robot/send", post(robot::send))
        .route("/media/upload", any(openapi::serve).layer(DefaultBodyLimit::max(openapi::LARGEST_UPLOAD)))
        .fallback(stream::connect)
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), openapi::turn_away));
    Router::new()
        .nest("/_sim", control)
        .route("/files/{name}", get(openapi::download))
        .merge(dingtalk)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), guard::check))
        .layer(middleware::from_fn_with_state(Arc::clone(&platform), date::stamp))
        .with_state(platform)
}
