//! What a webhook does with its line: one message after the other, each once there is a place for it in the minute.

use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{Notify, oneshot};
use tokio::time::sleep;

use super::digest::Digest;
use super::limit::Turn;
use super::line::{ALONE, Item, Line, Tell};
use super::options::{Overflow, TooLong, WebhookConfig};
use super::robot::{Robot, now_ms};
use crate::call::Outcome;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::json::Json;
use crate::log::{Level, Teller};
use crate::message::{Message, markdown};
use crate::net::Network;
use crate::runtime::Process;

/// How often what may or may not have arrived is sent again, under the same `msgUuid`.
const ATTEMPTS: u32 = 3;

pub(super) struct Sender {
    pub(super) config: WebhookConfig,
    pub(super) teller: Arc<Teller>,
    pub(super) network: Arc<Network>,
    pub(super) robots: Vec<Robot>,
    pub(super) waiting: AtomicUsize,
    pub(super) idle: Notify,
    pub(super) line: Mutex<Served>,
}

/// The line, and whether somebody serves it.
#[derive(Default)]
pub(super) struct Served {
    line: Line,
    is_served: bool,
}

/// Counts a message until it is over.
pub(super) struct Waiting(Arc<Sender>);

impl Waiting {
    fn new(sender: &Arc<Sender>) -> Self {
        sender.waiting.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(sender))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Whether there is a place in the minute.
enum Chance<'a> {
    Now(&'a Robot),
    /// Not before this time.
    At(u64),
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

    /// Takes a message into the line, at once and so in the order of sending, and tells how it ends.
    pub(super) fn enter(self: &Arc<Self>, message: Message) -> Result<impl Future<Output = Outcome> + Send + use<>> {
        let parts = self.fitted(message)?;
        let process = Process::current()?;
        let merges = self.merges(&parts);
        let (tell, told) = oneshot::channel();
        let mut served = self.lock();
        if !merges && served.line.is_full() {
            return Err(Error::new(ErrorKind::Busy, format!("{ALONE} messages wait for the robot already"))
                .hint("send less, or collect text, links and markdown with overflow = digest"));
        }
        let waiting = Waiting::new(self);
        served.line.enter(parts, tell, merges);
        if !std::mem::replace(&mut served.is_served, true) {
            process.handle().spawn(Arc::clone(self).serve());
        }
        drop(served);
        Ok(async move {
            let _waiting = waiting;
            let ended =
                told.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::Cancelled, "the message was given up")));
            ended.map(|told| Arc::new(Json::from(told)))
        })
    }

    /// The message as a webhook carries it, in one part or several.
    fn fitted(&self, message: Message) -> Result<Vec<Message>> {
        match message.to_robot(&id()) {
            Ok(_) => Ok(vec![message]),
            Err(error) if error.kind() == ErrorKind::TooLarge => match self.config.too_long {
                TooLong::Refuse => Err(error),
                TooLong::Cut => message.parts().map(|parts| parts.into_iter().take(1).collect()).ok_or(error),
                TooLong::Split => message.parts().ok_or(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Serves the line until nobody waits.
    async fn serve(self: Arc<Self>) {
        loop {
            let first = {
                let mut served = self.lock();
                if served.line.is_empty() {
                    served.is_served = false;
                    return;
                }
                served.line.first()
            };
            match first {
                Some(Item::One(parts, tell)) => self.send_one(parts, tell).await,
                _ => self.send_digest().await,
            }
        }
    }

    async fn send_one(&self, parts: Vec<Message>, tell: Tell) {
        // Whoever cancelled it does not want it sent.
        if tell.is_closed() {
            return;
        }
        match chance(&self.robots).await {
            Ok(Chance::At(_)) if self.merges(&parts) => self.lock().line.collect(parts, tell),
            chance => drop(tell.send(self.send_parts(chance, &parts).await)),
        }
    }

    async fn send_parts(&self, mut first: Result<Chance<'_>>, parts: &[Message]) -> Result<Value> {
        for (index, part) in parts.iter().enumerate() {
            let chance =
                if index == 0 { std::mem::replace(&mut first, Ok(Chance::At(0))) } else { chance(&self.robots).await };
            let robot = match chance? {
                Chance::Now(robot) => robot,
                Chance::At(at) if self.config.overflow == Overflow::Drop => {
                    return Err(crowded("the robot has sent twenty messages in this minute", at));
                }
                Chance::At(at) => place(&self.robots, at).await?,
            };
            self.post(robot, part).await?;
        }
        Ok(json!({ "sent": parts.len() }))
    }

    /// Whether a message goes out with others where it has no place of its own.
    fn merges(&self, parts: &[Message]) -> bool {
        self.config.overflow == Overflow::Digest && matches!(parts, [only] if Digest::takes(only))
    }

    /// Sends what is collected by the time that there is a place for it.
    async fn send_digest(&self) {
        let robot = place(&self.robots, now_ms()).await;
        let Some(collected) = self.lock().line.first_digest() else { return };
        let (message, count, tells) = collected.into_parts(&self.config.keyword);
        let sent = match robot {
            Ok(robot) => self.post(robot, &message).await,
            Err(error) => Err(error),
        };
        let told = sent.map(|()| if count == 1 { json!({ "sent": 1 }) } else { json!({ "digest": count }) });
        for tell in tells {
            let _ = tell.send(told.clone());
        }
    }

    async fn post(&self, robot: &Robot, message: &Message) -> Result<()> {
        // The platform shows what comes twice under one id once, which makes a retry safe.
        let body = message.to_robot(&id())?;
        let mut attempt = 1;
        loop {
            match robot.post(&self.network, &body, self.config.request_timeout_ms).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => {
                    // The id is known to this robot alone, so the retry is its, too.
                    match chance(slice::from_ref(robot)).await? {
                        Chance::Now(_) => {}
                        // Whoever does not wait to send does not wait to send again.
                        Chance::At(_) if self.config.overflow == Overflow::Drop => return Err(error),
                        Chance::At(at) => drop(place(slice::from_ref(robot), at).await?),
                    }
                    attempt += 1;
                    self.teller.log(Level::Info, "webhook", format_args!("sent again under the same msgUuid: {error}"));
                }
                done => return done,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Served> {
        self.line.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// An id that no other message has.
fn id() -> String {
    format!("{:032x}", fastrand::u128(..))
}

/// A place in the minute of one of these robots, where there is one.
async fn chance(robots: &[Robot]) -> Result<Chance<'_>> {
    let mut next: Option<(u64, bool)> = None;
    for robot in robots {
        let (at, is_penalty) = match robot.take().await? {
            Turn::Now => return Ok(Chance::Now(robot)),
            Turn::At(at) => (at, false),
            Turn::Penalty(at) => (at, true),
        };
        next = Some(next.map_or((at, is_penalty), |next| next.min((at, is_penalty))));
    }
    match next {
        Some((at, false)) => Ok(Chance::At(at)),
        Some((at, true)) => Err(crowded("the robot takes nothing because it sent too fast", at)),
        None => Err(argument("a webhook needs the address of a robot")),
    }
}

/// Waits for a place of one of these robots.
async fn place(robots: &[Robot], mut at: u64) -> Result<&Robot> {
    loop {
        sleep(Duration::from_millis(at.saturating_sub(now_ms()))).await;
        match chance(robots).await? {
            Chance::Now(robot) => return Ok(robot),
            Chance::At(next) => at = next,
        }
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

#[cfg(test)]
mod tests {
    use super::super::limit::{Limit, Turn};
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_is_refused_is_told_how_many_seconds_are_left() {
        let mut limit = Limit::default();
        (0..20).for_each(|_| assert_eq!(limit.take(now_ms()), Turn::Now));
        let Turn::At(at) = limit.take(now_ms()) else { panic!("there is no room") };
        for (ms, left) in [(0, "in 61 s"), (1, "in 61 s"), (999, "in 60 s"), (59_999, "in 1 s")] {
            tokio::time::advance(Duration::from_millis(ms)).await;
            assert!(crowded("full", at).message().ends_with(left), "{}", crowded("full", at));
        }
    }
}
