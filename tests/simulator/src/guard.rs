//! A page in the developer's browser is not a client: requests that came for another host, or from another origin, are
//! refused. Loopback alone is no protection (DNS rebinding, WebSockets without a same-origin rule).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::platform::Platform;

pub(crate) async fn check(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let settings = platform.settings.get();
    if is_local(request.headers(), platform.port(), settings.base_host()) {
        return next.run(request).await;
    }
    let refusal = json!({"error": "only requests to this machine, from this origin, are served"});
    (StatusCode::FORBIDDEN, Json(refusal)).into_response()
}

/// `base` is where a test has clients come through a proxy.
fn is_local(headers: &HeaderMap, port: u16, base: Option<&str>) -> bool {
    let ours = |authority: &[u8]| {
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| format!("{host}:{port}").as_bytes() == authority)
    };
    let host = headers
        .get(header::HOST)
        .is_some_and(|host| ours(host.as_bytes()) || base.is_some_and(|base| base.as_bytes() == host.as_bytes()));
    host && headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| origin.as_bytes().strip_prefix(b"http://").is_some_and(&ours))
}
