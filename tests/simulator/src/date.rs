//! The `Date` that every answer carries: the simulator's, so that a client whose own clock is wrong can find out.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::platform::Platform;

/// The last second that the format of an HTTP date can say.
const END_OF_TIME_MS: u64 = 253_402_300_799_000;

pub(crate) async fn stamp(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let told = Duration::from_millis(platform.told_time().min(END_OF_TIME_MS));
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(UNIX_EPOCH + told)) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
