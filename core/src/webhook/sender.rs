//! What a webhook has in hand: messages that wait for their turn, the digest that is collected, and the robots.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::digest::Digest;
use super::limit::Turn;
use super::options::{Overflow, TooLong, WebhookConfig};
use super::robot::{Robot, now_ms};
use crate::call::Outcome;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::json::Json;
use crate::log::{Level, Teller};
use crate::message::{Message, markdown};
use crate::net::Network;
use crate::runtime::Process;

/// How many messages wait at most; beyond it a send is refused, so that nothing grows without end.
const WAITING: usize = 1000;
/// How often what may or may not have arrived is sent again, under the same `msgUuid`.
const ATTEMPTS: u32 = 3;

pub(super) struct Sender {
    pub(super) config: WebhookConfig,
    pub(super) teller: Arc<Teller>,
    pub(super) network: Arc<Network>,
    pub(super) robots: Vec<Robot>,
    /// Who waits for a turn, in the order of their coming.
    pub(super) turn: tokio::sync::Mutex<()>,
    pub(super) waiting: AtomicUsize,
    pub(super) idle: Notify,
    pub(super) pending: Mutex<Pending>,
}

/// The digest that is being collected.
#[derive(Default)]
pub(super) struct Pending {
    digest: Digest,
    /// Goes out as it is where nothing joins it.
    first: Option<Message>,
    told: Option<watch::Sender<Option<Result<Value>>>>,
}

/// Counts a message until it is over.
pub(super) struct Waiting(Arc<Sender>);

impl Waiting {
    pub(super) fn enter(sender: &Arc<Sender>) -> Result<Self> {
        // What a digest collects takes no memory of its own, so it is not counted here.
        let counts = sender.config.overflow != Overflow::Digest;
        if sender.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING && counts {
            sender.leave();
            return Err(Error::new(ErrorKind::Busy, format!("{WAITING} messages wait for the robot already"))
                .hint("send less, or collect with overflow = digest"));
        }
        Ok(Self(Arc::clone(sender)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Sender {
    fn leave(&self) {
        if self.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }

    pub(super) async fn until_idle(&self) {
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
    pub(super) fn fitted(&self, message: Message) -> Result<Vec<Message>> {
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

    pub(super) async fn deliver(self: Arc<Self>, parts: Vec<Message>) -> Outcome {
        let told = match parts.as_slice() {
            [only] if self.config.overflow == Overflow::Digest && Digest::takes(only) => self.collect(only).await?,
            parts => {
                // One after the other, so that what was sent first is read first.
                let _turn = self.turn.lock().await;
                for part in parts {
                    self.send_one(part).await?;
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
                    let sender = Arc::clone(self);
                    Process::current()?.handle().spawn(async move { sender.send_digest().await });
                    told
                }
            }
        };
        let ended = told.wait_for(Option::is_some).await.ok().and_then(|told| told.clone());
        ended.unwrap_or_else(|| Err(Error::new(ErrorKind::Cancelled, "the digest was given up")))
    }

    /// Sends what is collected by the time that there is a turn for it.
    async fn send_digest(&self) {
        let _turn = self.turn.lock().await;
        let robot = self.permit().await;
        let Pending { digest, first, told } = std::mem::take(&mut *self.pending());
        let count = digest.count();
        let message = first.unwrap_or_else(|| digest.into_message(&self.config.keyword));
        let sent = match robot {
            Ok(robot) => self.post(robot, &message).await,
            Err(error) => Err(error),
        };
        if let Some(told) = told {
            let result = if count == 1 { json!({ "sent": 1 }) } else { json!({ "digest": count }) };
            told.send_replace(Some(sent.map(|()| result)));
        }
    }

    async fn send_one(&self, message: &Message) -> Result<()> {
        let robot = self.permit().await?;
        self.post(robot, message).await
    }

    /// A robot with a place in this minute, for whoever's turn it is.
    async fn permit(&self) -> Result<&Robot> {
        loop {
            let now = now_ms();
            let mut next: Option<(u64, bool)> = None;
            for robot in &self.robots {
                let (at, is_penalty) = match robot.take().await? {
                    Turn::Now => return Ok(robot),
                    Turn::At(at) => (at, false),
                    Turn::Penalty(at) => (at, true),
                };
                next = Some(next.map_or((at, is_penalty), |next| next.min((at, is_penalty))));
            }
            match next {
                Some((at, false)) if self.config.overflow == Overflow::Drop => {
                    return Err(crowded("the robot has sent twenty messages in this minute", at));
                }
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
                    // The id is known to this robot alone, so the retry is its, too.
                    self.wait_for(robot).await?;
                }
                done => return done,
            }
        }
    }

    /// Waits for another place of one robot.
    async fn wait_for(&self, robot: &Robot) -> Result<()> {
        loop {
            let now = now_ms();
            match robot.take().await? {
                Turn::Now => return Ok(()),
                Turn::At(at) => sleep(Duration::from_millis(at.saturating_sub(now).max(1))).await,
                Turn::Penalty(at) => return Err(crowded("the robot takes nothing because it sent too fast", at)),
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
