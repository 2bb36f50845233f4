//! The custom robot of a group (自定义机器人): it needs no application and no connection, only its address.

mod answer;
mod digest;
mod limit;
mod line;
mod options;
mod robot;
mod sender;
mod sign;

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::call::Call;
use crate::error::{Result, config};
use crate::json::Json;
use crate::log::Teller;
use crate::message::Message;
use crate::net::{Proxies, Route};
use crate::queue::Queue;
use crate::runtime::{Born, Process};
use crate::store::Place;
pub use options::{Overflow, TooLong, WEBHOOK_OPTIONS, WebhookConfig};
use robot::Robot;
use sender::Sender;

/// The sender for a group's custom robot, shared by reference count. The limit belongs to the robot, and outlives this.
#[derive(Clone)]
pub struct Webhook(Arc<Sender>);

impl Webhook {
    /// A sender whose log nobody reads.
    ///
    /// # Errors
    /// `config` where the configuration can't work.
    pub fn new(config: WebhookConfig) -> Result<Self> {
        Self::with_queue(config, &Queue::new(), 0)
    }

    /// A sender that logs to `queue` under `source`.
    ///
    /// # Errors
    /// `config` where the configuration can't work.
    pub fn with_queue(settings: WebhookConfig, queue: &Queue, source: u64) -> Result<Self> {
        let process = Process::current()?;
        let teller = Teller {
            queue: queue.downgrade(),
            source,
            level: settings.log_level,
            app: String::new(),
            born: Born::now(),
        };
        let teller = Arc::new(teller);
        let store = process.stores().at(&Place::of(settings.store, &settings.store_dir)?, &teller);
        let robot = |url: &str| Robot::new(url, &settings.secret, &store);
        let robots = settings.url.expose().split_whitespace().map(robot).collect::<Result<Vec<_>>>()?;
        if robots.is_empty() {
            return Err(config("url is empty").hint("copy the webhook's address from the group's settings"));
        }
        let proxies = Proxies::from_option("proxy", &settings.proxy)?;
        let route = Route { proxies, ca_file: settings.ca_file.clone(), ipv4_only: false };
        Ok(Self(Arc::new(Sender {
            network: process.networks().by(&route)?,
            config: settings,
            teller,
            robots,
            waiting: AtomicUsize::new(0),
            idle: Notify::new(),
            line: Mutex::default(),
        })))
    }

    /// Sends a message. Done with `{"sent":1}`: how many messages it took; with `{"digest":N}` where it went out together
    /// with others.
    pub fn send(&self, message: Message) -> Call {
        let entered = self.0.teller.born.check("webhook").and_then(|()| self.0.enter(message));
        match entered {
            Err(error) => Call::failed(&self.0.teller, "webhook", error),
            Ok(ending) => Call::start(&self.0.teller, "webhook", ending),
        }
    }

    /// Waits until everything is sent, or the deadline comes. Done with `{"left":N}`, what still waits then.
    pub fn flush(&self, patience: Duration) -> Call {
        let sender = Arc::clone(&self.0);
        Call::start(&self.0.teller, "flush", async move {
            let _ = timeout(patience, sender.until_idle()).await;
            Ok(Arc::new(Json::from(json!({ "left": sender.waiting.load(Ordering::Acquire) }))))
        })
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.robots.len() {
            1 => f.write_str("Webhook(1 robot)"),
            several => write!(f, "Webhook({several} robots)"),
        }
    }
}
