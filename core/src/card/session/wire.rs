//! The call that streams, and how long a call that matters is tried.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::draft::End;
use crate::error::Result;

/// The pauses between two tries.
const PAUSE: Duration = Duration::from_secs(2);

pub(super) const STREAMING: &str = "/v1.0/card/streaming";

/// An update of the text (document 0785). Markdown is always sent whole.
pub(super) fn streaming(id: &str, key: &str, text: &str, end: Option<End>) -> Value {
    json!({
        "outTrackId": id,
        "guid": format!("{:032x}", fastrand::u128(..)),
        "key": key,
        "content": text,
        "isFull": true,
        "isFinalize": end == Some(End::Finished),
        "isError": end == Some(End::Failed),
    })
}

/// Tries until it is done or refused, or time is over.
pub(super) async fn persist<F>(within: Duration, attempt: impl Fn() -> F) -> Result<Value>
where
    F: Future<Output = Result<Value>>,
{
    let until = Instant::now() + within;
    loop {
        match attempt().await {
            Err(error) if error.is_retryable() && Instant::now() < until => sleep(PAUSE).await,
            done => return done,
        }
    }
}
