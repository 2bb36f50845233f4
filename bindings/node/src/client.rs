//! A client, as JavaScript sees it.

use std::time::Duration;

use dingstream::stream::topics;
use dingstream::{Client as CoreClient, Config, Kind};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::call::Call;
use crate::error::{refusal, told};
use crate::queue::Queue;

/// One DingTalk application.
#[napi]
pub struct Client(pub(crate) CoreClient);

/// A client that delivers to `queue` under `source`, or the error.
#[napi(catch_unwind)]
pub fn create_client(queue: &Queue, source: u32, options: String) -> Either<Client, String> {
    let made = Config::from_json(&options).and_then(|mut config| {
        if config.ua.is_empty() {
            config.ua = concat!("dingstream-sdk-node/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
        }
        CoreClient::with_queue(config, &queue.core, source.into())
    });
    match made {
        Ok(client) => Either::A(Client(client)),
        Err(error) => Either::B(told(&error)),
    }
}

/// The number of the kind of delivery that a callback topic brings.
#[napi(catch_unwind)]
pub fn kind_of_topic(topic: String) -> u32 {
    topics::kind_of(&topic) as u32
}

#[napi]
impl Client {
    /// Subscribes the kind with this number.
    #[napi(catch_unwind)]
    pub fn subscribe(&self, kind: u32) -> Option<String> {
        let kind = Kind::from_number(kind).unwrap_or(Kind::Other);
        refusal(self.0.subscribe(kind, ""))
    }

    /// Subscribes a callback topic.
    #[napi(catch_unwind)]
    pub fn subscribe_topic(&self, topic: String) -> Option<String> {
        refusal(self.0.subscribe(topics::kind_of(&topic), &topic))
    }

    /// Starts; the outcome goes to the queue under `tag`.
    #[napi(catch_unwind)]
    pub fn start(&self, tag: u32) -> Call {
        Call::sent_to(self.0.start(), self.0.queue(), tag)
    }

    /// Stops; the outcome goes to the queue under `tag`.
    #[napi(catch_unwind)]
    pub fn stop(&self, deadline_ms: f64, tag: u32) -> Call {
        let patience = Duration::from_millis(deadline_ms as u64);
        Call::sent_to(self.0.stop(patience), self.0.queue(), tag)
    }

    /// What it is doing.
    #[napi(getter, catch_unwind)]
    pub fn state(&self) -> &'static str {
        self.0.state().name()
    }

    /// What it has counted, and what it holds: JSON text.
    #[napi(catch_unwind)]
    pub fn stats(&self) -> String {
        self.0.stats().to_json().to_string()
    }

    /// The same as Prometheus reads it.
    #[napi(catch_unwind)]
    pub fn metrics(&self) -> String {
        self.0.metrics()
    }

    /// How long `run` lets handlers finish, in milliseconds.
    #[napi(getter, catch_unwind)]
    pub fn stop_deadline(&self) -> f64 {
        self.0.stop_deadline().as_millis() as f64
    }
}
