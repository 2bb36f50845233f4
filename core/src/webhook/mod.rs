//! The custom robot of a group (自定义机器人): it needs no application and no connection, only its address.

mod answer;
mod digest;
mod limit;
mod robot;
mod sign;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use crate::call::{Call, Outcome};
use crate::config::{Secret, choice, options};
use crate::error::{Error, ErrorKind, Result, argument, config};
use crate::json::Json;
use crate::log::{Level, Teller};
use crate::message::{Message, markdown};
use crate::net::{Network, Proxies, Route};
use crate::queue::Queue;
use crate::runtime::{Born, Process};
use digest::Digest;
use limit::Turn;
pub(crate) use robot::Limits;
use robot::{Robot, now_ms};

/// How many messages wait at most; beyond it a send is refused, so that nothing grows without end.
const WAITING: usize = 1000;
/// How often what may or may not have arrived is sent again, under the same `msgUuid`.
const ATTEMPTS: u32 = 3;

/// What becomes of more than twenty messages in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// They wait for their turn.
    #[default]
    Wait,
    /// They are refused.
    Drop,
    /// Text, link and markdown wait and go out as one markdown message with counts; the rest waits for its turn.
    Digest,
    /// They go through the next one of several robots, and wait where all are busy.
    Rotate,
}

/// What becomes of a message that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TooLong {
    /// It is refused.
    #[default]
    Refuse,
    /// Text and markdown are cut, with a sign that they were.
    Cut,
    /// Text and markdown go out in several messages.
    Split,
}

choice! { Overflow { "wait" => Wait, "drop" => Drop, "digest" => Digest, "rotate" => Rotate, } }
choice! { TooLong { "refuse" => Refuse, "cut" => Cut, "split" => Split, } }

options! {
    /// How a webhook sends: public fields, checked when the webhook is made.
    struct WebhookConfig {}
    /// Every option of a webhook, in the order in which documentation shows them.
    const WEBHOOK_OPTIONS;
    /// The robot's address, copied from the group's settings; several, with spaces between, to rotate. It is never logged
    /// or shown.
    url: Secret = Secret::default(), "";
    /// The secret of the robot's signature (加签), which begins with `SEC`; empty where it has none.
    secret: Secret = Secret::default(), "";
    /// What becomes of more than twenty messages in a minute: they wait, are refused, go out as one markdown message with
    /// counts (text, link and markdown), or go through the next robot.
    overflow: Overflow = Overflow::Wait, "wait";
    /// What becomes of a text or markdown that is too long.
    too_long: TooLong = TooLong::Refuse, "refuse";
    /// A keyword that the robot insists on; a digest carries it.
    keyword: String = String::new(), "";
    /// How long one request may take.
    request_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// The proxy: `http://`, `https://` or `socks5://`, with user and password where it wants them. `direct` means none;
    /// empty means what the environment says.
    proxy: Secret = Secret::default(), "";
    /// A file with further certificate authorities (PEM).
    ca_file: String = String::new(), "";
    /// The least severe log record that reaches the queue, and so the language's logger.
    log_level: Level = Level::Warn, "warn";
}

impl WebhookConfig {
    /// A configuration with everything but the address and the secret at its default.
    pub fn new(url: impl Into<Secret>, secret: impl Into<Secret>) -> Self {
        Self { url: url.into(), secret: secret.into(), ..Self::default() }
    }
}

/// The sender for a group's custom robot, shared by reference count. The limit belongs to the robot, and outlives this.
#[derive(Clone)]
pub struct Webhook(Arc<Inner>);

struct Inner {
    config: WebhookConfig,
    teller: Arc<Teller>,
    network: Arc<Network>,
    robots: Vec<Robot>,
    /// Who waits for a turn, in the order of their coming.
    turn: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
    idle: Notify,
    pending: Mutex<Pending>,
}

/// The digest that is being collected.
#[derive(Default)]
struct Pending {
    digest: Digest,
    /// Goes out as it is where nothing joins it.
    first: Option<Message>,
    told: Option<watch::Sender<Option<Result<Value>>>>,
}

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
        let robot = |url: &str| Robot::new(url, &settings.secret, process.limits());
        let robots = settings.url.expose().split_whitespace().map(robot).collect::<Result<Vec<_>>>()?;
        if robots.is_empty() {
            return Err(config("url is empty").hint("copy the webhook's address from the group's settings"));
        }
        let proxies = Proxies::from_option("proxy", &settings.proxy)?;
        let route = Route { proxies, ca_file: settings.ca_file.clone(), ipv4_only: false };
        let teller = Teller { queue: queue.downgrade(), source, level: settings.log_level, born: Born::now() };
        Ok(Self(Arc::new(Inner {
            network: process.networks().by(&route)?,
            config: settings,
            teller: Arc::new(teller),
            robots,
            turn: tokio::sync::Mutex::default(),
            waiting: AtomicUsize::new(0),
            idle: Notify::new(),
            pending: Mutex::default(),
        })))
    }

    /// Sends a message. Done with `{"sent":1}`: how many messages it took; with `{"digest":N}` where it went out together
    /// with others.
    pub fn send(&self, message: Message) -> Call {
        let inner = Arc::clone(&self.0);
        let parts = self.0.teller.born.check("webhook").and_then(|()| inner.fitted(message));
        let entered = parts.and_then(|parts| Ok((parts, Waiting::enter(&inner)?)));
        match entered {
            Err(error) => Call::failed(&self.0.teller, "webhook", error),
            Ok((parts, waiting)) => Call::start(&self.0.teller, "webhook", async move {
                let _waiting = waiting;
                inner.deliver(parts).await
            }),
        }
    }

    /// Waits until everything is sent, or the deadline comes. Done with `{"left":N}`, what still waits then.
    pub fn flush(&self, patience: Duration) -> Call {
        let inner = Arc::clone(&self.0);
        Call::start(&self.0.teller, "flush", async move {
            let _ = timeout(patience, inner.until_idle()).await;
            Ok(Arc::new(Json::from(json!({ "left": inner.waiting.load(Ordering::Acquire) }))))
        })
    }
}

/// Counts a message until it is over.
struct Waiting(Arc<Inner>);

impl Waiting {
    fn enter(inner: &Arc<Inner>) -> Result<Self> {
        // What a digest collects takes no memory of its own, so it is not counted here.
        let counts = inner.config.overflow != Overflow::Digest;
        if inner.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING && counts {
            inner.leave();
            return Err(Error::new(ErrorKind::Busy, format!("{WAITING} messages wait for the robot already"))
                .hint("send less, or collect with overflow = digest"));
        }
        Ok(Self(Arc::clone(inner)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Inner {
    fn leave(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }

    async fn until_idle(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.waiting.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }

    /// The message as a webhook carries it, in one part or several.
    fn fitted(&self, message: Message) -> Result<Vec<Message>> {
        match message.to_webhook() {
            Ok(_) => Ok(vec![message]),
            Err(error) if error.kind() == ErrorKind::TooLarge => match self.config.too_long {
                TooLong::Refuse => Err(error),
                TooLong::Cut => message.parts().map(|parts| parts.into_iter().take(1).collect()).ok_or(error),
                TooLong::Split => message.parts().ok_or(error),
            },
            Err(error) => Err(error),
        }
    }

    async fn deliver(self: Arc<Self>, parts: Vec<Message>) -> Outcome {
        let told = match parts.as_slice() {
            [only] if self.config.overflow == Overflow::Digest && Digest::takes(only) => self.collect(only).await?,
            parts => {
                for part in parts {
                    let robot = self.permit().await?;
                    self.post(robot, part).await?;
                }
                json!({ "sent": parts.len() })
            }
        };
        Ok(Arc::new(Json::from(told)))
    }

    /// Adds to the digest, and waits for its end with everybody else.
    async fn collect(self: &Arc<Self>, message: &Message) -> Result<Value> {
        let mut told = {
            let mut pending = self.pending();
            pending.digest.add(message);
            match pending.told.as_ref().map(watch::Sender::subscribe) {
                Some(told) => {
                    pending.first = None;
                    told
                }
                None => {
                    let (tell, told) = watch::channel(None);
                    (pending.first, pending.told) = (Some(message.clone()), Some(tell));
                    let inner = Arc::clone(self);
                    Process::current()?.handle().spawn(async move { inner.send_digest().await });
                    told
                }
            }
        };
        let ended = told.wait_for(Option::is_some).await.ok().and_then(|told| told.clone());
        ended.unwrap_or_else(|| Err(Error::new(ErrorKind::Cancelled, "the digest was given up")))
    }

    /// Sends what is collected by the time that there is a turn for it.
    async fn send_digest(&self) {
        let robot = self.permit().await;
        let Pending { digest, first, told } = std::mem::take(&mut *self.pending());
        let count = digest.count();
        let message = first.unwrap_or_else(|| digest.into_message(&self.config.keyword));
        let sent = match robot {
            Ok(robot) => self.post(robot, &message).await,
            Err(error) => Err(error),
        };
        if let Some(told) = told {
            told.send_replace(Some(
                sent.map(|()| if count == 1 { json!({ "sent": 1 }) } else { json!({ "digest": count }) }),
            ));
        }
    }

    /// A robot with a place in this minute; waiting for one is first come, first served.
    async fn permit(&self) -> Result<&Robot> {
        if self.config.overflow == Overflow::Drop {
            let robot = &self.robots[0];
            return match robot.take(now_ms())? {
                Turn::Now => Ok(robot),
                Turn::At(at) => Err(crowded("the robot has sent twenty messages in this minute", at)),
                Turn::Penalty(at) => Err(crowded("the robot takes nothing because it sent too fast", at)),
            };
        }
        let _turn = self.turn.lock().await;
        loop {
            let now = now_ms();
            let mut next: Option<(u64, bool)> = None;
            for robot in &self.robots {
                let (at, is_penalty) = match robot.take(now)? {
                    Turn::Now => return Ok(robot),
                    Turn::At(at) => (at, false),
                    Turn::Penalty(at) => (at, true),
                };
                next = Some(next.map_or((at, is_penalty), |next| next.min((at, is_penalty))));
            }
            match next {
                Some((at, false)) => sleep(Duration::from_millis(at.saturating_sub(now).max(1))).await,
                Some((at, true)) => return Err(crowded("the robot takes nothing because it sent too fast", at)),
                None => return Err(argument("a webhook needs the address of a robot")),
            }
        }
    }

    async fn post(&self, robot: &Robot, message: &Message) -> Result<()> {
        let mut body = message.to_webhook()?;
        // The platform shows what comes twice under one id once, which makes a retry safe.
        body["msgUuid"] = format!("{:032x}", fastrand::u128(..)).into();
        let body = body.to_string();
        let mut attempt = 1;
        loop {
            match robot.post(&self.network, &body, self.config.request_timeout_ms).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => {
                    self.teller.log(Level::Info, "webhook", format_args!("sent again under the same msgUuid: {error}"));
                    attempt += 1;
                    self.permit().await?;
                }
                done => return done,
            }
        }
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Message {
    /// A text or markdown in parts that a webhook carries; `None` for other types.
    fn parts(&self) -> Option<Vec<Self>> {
        use crate::message::Body;
        /// What the frame, the mentions and the escaping of JSON may need besides.
        const ROOM: usize = 12_000;
        let rebuilt = |body: Body| Self { body, ..self.clone() };
        let parts: Vec<_> = match &self.body {
            Body::Text { content } => {
                markdown::split(content, ROOM).into_iter().map(|content| rebuilt(Body::Text { content })).collect()
            }
            Body::Markdown { title, text } => markdown::split(text, ROOM)
                .into_iter()
                .map(|text| rebuilt(Body::Markdown { title: title.clone(), text }))
                .collect(),
            _ => return None,
        };
        parts.iter().all(|part| part.to_webhook().is_ok()).then_some(parts)
    }
}

fn crowded(what: &str, at: u64) -> Error {
    let seconds = at.saturating_sub(now_ms()).div_ceil(1000);
    Error::new(ErrorKind::Throttled, format!("{what}; it takes the next one in {seconds} s"))
        .hint("wait, or collect with overflow = digest")
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({} robots)", self.0.robots.len())
    }
}
