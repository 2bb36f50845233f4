//! The custom robot of a group.

use std::time::Duration;

use dingstream::{Message, Queue as CoreQueue, Webhook as CoreWebhook, WebhookConfig};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::call::Call;
use crate::error::told;
use crate::queue::Queue;

/// The sender for a group's custom robot.
#[napi]
pub struct Webhook {
    core: CoreWebhook,
    queue: CoreQueue,
}

/// A sender that logs to `queue` under `source`, or the error.
#[napi(catch_unwind)]
pub fn create_webhook(queue: &Queue, source: u32, options: String) -> Either<Webhook, String> {
    let made = WebhookConfig::from_json(&options)
        .and_then(|config| CoreWebhook::with_queue(config, &queue.core, source.into()));
    match made {
        Ok(core) => Either::A(Webhook { core, queue: queue.core.clone() }),
        Err(error) => Either::B(told(&error)),
    }
}

#[napi]
impl Webhook {
    /// Sends a message given as JSON text; the outcome goes to the queue under `tag`.
    #[napi(catch_unwind)]
    pub fn send(&self, message: String, tag: u32) -> Either<Call, String> {
        Call::begun(Message::from_json(&message).map(|message| self.core.send(message)), &self.queue, tag)
    }

    /// Waits until everything is sent.
    #[napi(catch_unwind)]
    pub fn flush(&self, deadline_ms: f64, tag: u32) -> Call {
        Call::sent_to(self.core.flush(Duration::from_millis(deadline_ms as u64)), &self.queue, tag)
    }
}
