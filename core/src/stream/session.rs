//! One connection as a state machine. Sans-IO: text and time come in, steps go out.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::frame::{Frame, FrameKind, Unreadable};
use super::{answer, topics};
use crate::config::Subscription;
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::kind::Kind;

/// After `disconnect` the server is silent for ten seconds and then closes; this is how long it is trusted to.
const DRAIN: Duration = Duration::from_secs(30);

/// After so long without any frame the server is asked for a sign of life.
const QUIET: Duration = Duration::from_secs(60);
/// How long it may take to give one.
const ECHO: Duration = Duration::from_secs(10);
/// How often it is asked before the connection counts as dead.
const PINGS: u32 = 3;

/// What to do when the deadline has come.
#[derive(Debug)]
pub(crate) enum Due {
    /// Nothing: there was life since.
    Nothing,
    /// Ask the server for a sign of life.
    Ping,
    /// Give the connection up.
    Gone(Error),
}

/// What to do about one frame.
#[derive(Debug)]
pub(crate) enum Step {
    /// Send this text.
    Answer(String),
    /// Hand this over; its answer is owed.
    Deliver(Kind, Frame),
    /// The server is about to close: replace this connection, go on serving it.
    Leave(String),
    /// Nothing to do but to tell it.
    Skip(Unreadable),
    /// Nothing to do.
    Ignore,
}

/// The state of one open connection.
pub(crate) struct Session {
    subscriptions: Arc<[Subscription]>,
    draining_until: Option<Instant>,
    heard: Instant,
    pings: u32,
}

impl Session {
    pub(crate) fn new(subscriptions: Arc<[Subscription]>, now: Instant) -> Self {
        Self { subscriptions, draining_until: None, heard: now, pings: 0 }
    }

    /// Anything that arrives proves life.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.pings = 0;
    }

    /// Takes one text frame.
    pub(crate) fn receive(&mut self, text: &str, now: Instant) -> Step {
        let frame = match Frame::decode(text) {
            Ok(frame) => frame,
            Err(unreadable) => return Step::Skip(unreadable),
        };
        match frame.kind {
            FrameKind::System => self.system(&frame, now),
            FrameKind::Event if self.takes(Kind::Event) => Step::Deliver(Kind::Event, frame),
            FrameKind::Event => {
                Step::Answer(answer::answer(Kind::Event, &frame.message_id, &answer::Settlement::Unhandled))
            }
            FrameKind::Callback if self.subscribed(&frame.topic) => {
                let kind = self.kind_of(&frame.topic);
                Step::Deliver(kind, frame)
            }
            FrameKind::Callback | FrameKind::Unknown => Step::Answer(answer::not_found(&frame.message_id)),
        }
    }

    /// When something is [`due`](Self::due), unless a frame comes first.
    pub(crate) fn deadline(&self) -> Instant {
        let silence = self.heard + QUIET + ECHO * self.pings;
        self.draining_until.map_or(silence, |drained| drained.min(silence))
    }

    /// What to do about the time that has passed.
    pub(crate) fn due(&mut self, now: Instant) -> Due {
        if now < self.deadline() {
            return Due::Nothing;
        }
        let given_up = if self.draining_until.is_some_and(|drained| drained <= now) {
            "the server asked to disconnect and never closed"
        } else if self.pings == PINGS {
            "the server gave no sign of life"
        } else {
            self.pings += 1;
            return Due::Ping;
        };
        Due::Gone(Error::new(ErrorKind::Timeout, given_up))
    }

    fn system(&mut self, frame: &Frame, now: Instant) -> Step {
        match frame.topic.as_str() {
            "ping" => Step::Answer(answer::pong(&frame.message_id, &frame.data)),
            "disconnect" if self.draining_until.is_none() => {
                self.draining_until = Some(now + DRAIN);
                let reason = Json::new(frame.data.as_str()).text("/reason").map(|reason| reason.into_owned());
                Step::Leave(reason.unwrap_or_default())
            }
            // Further system topics (CONNECTED, REGISTERED, KEEPALIVE were seen) ask for nothing.
            _ => Step::Ignore,
        }
    }

    fn takes(&self, kind: Kind) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.kind == kind)
    }

    fn subscribed(&self, topic: &str) -> bool {
        self.subscriptions.iter().any(|subscription| subscription.topic == topic)
    }

    fn kind_of(&self, topic: &str) -> Kind {
        let asked = self.subscriptions.iter().find(|subscription| subscription.topic == topic);
        asked.map_or_else(|| topics::kind_of(topic), |subscription| subscription.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        let subscription = |kind: Kind, topic: &str| Subscription { kind, topic: topic.to_owned() };
        Session::new(
            Arc::new([
                subscription(Kind::Message, topics::BOT_MESSAGE),
                subscription(Kind::Event, "*"),
                subscription(Kind::Other, "/v1.0/x"),
            ]),
            Instant::now(),
        )
    }

    fn frame(kind: &str, topic: &str, data: &str) -> String {
        serde_json::json!({ "type": kind, "headers": { "topic": topic, "messageId": "m" }, "data": data }).to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_is_answered_with_its_data() {
        let step = session().receive(&frame("SYSTEM", "ping", r#"{"opaque":"o"}"#), Instant::now());
        assert!(matches!(step, Step::Answer(text) if text == answer::pong("m", r#"{"opaque":"o"}"#)));
        let null = r#"{"type":"SYSTEM","headers":{"topic":"ping","messageId":"m"},"data":null}"#;
        assert!(
            matches!(session().receive(null, Instant::now()), Step::Answer(text) if text == answer::pong("m", "{}"))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_disconnect_gets_no_answer_and_leaves_once() {
        let mut session = session();
        let text = frame("SYSTEM", "disconnect", r#"{"reason":"connection is expired"}"#);
        assert!(
            matches!(session.receive(&text, Instant::now()), Step::Leave(reason) if reason == "connection is expired")
        );
        assert!(matches!(session.receive(&text, Instant::now()), Step::Ignore));
        assert_eq!(session.deadline(), Instant::now() + DRAIN);
        tokio::time::advance(DRAIN).await;
        assert!(matches!(session.due(Instant::now()), Due::Gone(_)));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_asked_about_and_then_ends_the_connection() {
        let mut session = session();
        for _ in 0..PINGS {
            tokio::time::advance(session.deadline() - Instant::now()).await;
            assert!(matches!(session.due(Instant::now()), Due::Ping));
        }
        session.heard(Instant::now());
        assert!(matches!(session.due(Instant::now()), Due::Nothing));
        for _ in 0..PINGS {
            tokio::time::advance(session.deadline() - Instant::now()).await;
            assert!(matches!(session.due(Instant::now()), Due::Ping));
        }
        tokio::time::advance(ECHO).await;
        assert!(matches!(session.due(Instant::now()), Due::Gone(error) if error.kind() == ErrorKind::Timeout));
    }

    #[tokio::test(start_paused = true)]
    async fn what_arrives_after_a_disconnect_is_still_delivered() {
        let mut session = session();
        session.receive(&frame("SYSTEM", "disconnect", "{}"), Instant::now());
        let step = session.receive(&frame("CALLBACK", topics::BOT_MESSAGE, "{}"), Instant::now());
        assert!(matches!(step, Step::Deliver(Kind::Message, _)));
    }

    #[tokio::test(start_paused = true)]
    async fn deliveries_get_their_kind() {
        let kind = |text: String| match session().receive(&text, Instant::now()) {
            Step::Deliver(kind, _) => Some(kind),
            _ => None,
        };
        assert_eq!(kind(frame("CALLBACK", topics::BOT_MESSAGE, "{}")), Some(Kind::Message));
        assert_eq!(kind(frame("CALLBACK", "/v1.0/x", "{}")), Some(Kind::Other));
        for topic in ["*", "dingTalk", "anything"] {
            assert_eq!(kind(frame("EVENT", topic, "{}")), Some(Kind::Event));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn unknown_topics_and_types_are_told_so() {
        for text in [frame("CALLBACK", "/v1.0/y", "{}"), frame("NEWS", "/v1.0/x", "{}")] {
            assert!(
                matches!(session().receive(&text, Instant::now()), Step::Answer(text) if text == answer::not_found("m"))
            );
        }
        assert!(matches!(session().receive("{broken", Instant::now()), Step::Skip(_)));
        assert!(matches!(session().receive(&frame("SYSTEM", "KEEPALIVE", "{}"), Instant::now()), Step::Ignore));
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_that_nobody_subscribed_is_consumed() {
        let mut session = Session::new(Arc::new([]), Instant::now());
        let step = session.receive(&frame("EVENT", "*", "{}"), Instant::now());
        assert!(matches!(step, Step::Answer(text) if text.contains("SUCCESS")));
    }
}
