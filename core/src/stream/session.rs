//! One connection as a state machine. Sans-IO: text and time come in, steps go out.

use std::borrow::Cow;
use std::sync::Arc;

use tokio::time::Instant;

use super::frame::{Frame, FrameKind, Unreadable};
use super::liveness::{Liveness, Patience};
use super::topics;
use crate::config::Subscription;
use crate::json::Json;
use crate::kind::Kind;

/// What to do about one frame.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// Answer this ping: its id and its data.
    Pong(Cow<'a, str>, String),
    /// Nobody asked for this; say so under its id.
    Unhandled(Kind, Cow<'a, str>),
    /// Hand this over; its answer is owed.
    Deliver(Kind, Frame<'a>),
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
    pub(crate) liveness: Liveness,
}

impl Session {
    pub(crate) fn new(subscriptions: Arc<[Subscription]>, patience: Patience, now: Instant) -> Self {
        Self { subscriptions, liveness: Liveness::new(patience, now) }
    }

    /// Takes one text frame.
    pub(crate) fn receive<'a>(&mut self, text: &'a str, now: Instant) -> Step<'a> {
        let frame = match Frame::decode(text) {
            Ok(frame) => frame,
            Err(unreadable) => return Step::Skip(unreadable),
        };
        match frame.kind {
            FrameKind::System => self.system(frame, now),
            FrameKind::Event if self.takes(Kind::Event) => Step::Deliver(Kind::Event, frame),
            FrameKind::Event => Step::Unhandled(Kind::Event, frame.message_id),
            FrameKind::Callback if self.subscribed(&frame.topic) => {
                let kind = self.kind_of(&frame.topic);
                Step::Deliver(kind, frame)
            }
            FrameKind::Callback | FrameKind::Unknown => Step::Unhandled(Kind::Other, frame.message_id),
        }
    }

    fn system<'a>(&mut self, frame: Frame<'a>, now: Instant) -> Step<'a> {
        match &*frame.topic {
            "ping" => Step::Pong(frame.message_id, frame.data),
            "disconnect" if !self.liveness.is_draining() => {
                self.liveness.drain(now);
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
    use std::time::Duration;

    use super::*;

    const PATIENCE: Patience = Patience { quiet: Duration::from_secs(60), echo: Duration::from_secs(10), attempts: 3 };

    fn session() -> Session {
        let subscription = |kind: Kind, topic: &str| Subscription { kind, topic: topic.to_owned() };
        Session::new(
            Arc::new([
                subscription(Kind::Message, topics::BOT_MESSAGE),
                subscription(Kind::Event, "*"),
                subscription(Kind::Other, "/v1.0/x"),
            ]),
            PATIENCE,
            Instant::now(),
        )
    }

    fn frame(kind: &str, topic: &str, data: &str) -> String {
        serde_json::json!({ "type": kind, "headers": { "topic": topic, "messageId": "m" }, "data": data }).to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_is_answered_with_its_data() {
        let told = r#"{"opaque":"o"}"#;
        let text = frame("SYSTEM", "ping", told);
        assert!(matches!(session().receive(&text, Instant::now()), Step::Pong(id, data) if id == "m" && data == told));
        let null = r#"{"type":"SYSTEM","headers":{"topic":"ping","messageId":"m"},"data":null}"#;
        assert!(matches!(session().receive(null, Instant::now()), Step::Pong(_, data) if data.is_empty()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_disconnect_gets_no_answer_and_leaves_once() {
        let mut session = session();
        let text = frame("SYSTEM", "disconnect", r#"{"reason":"connection is expired"}"#);
        assert!(
            matches!(session.receive(&text, Instant::now()), Step::Leave(reason) if reason == "connection is expired")
        );
        assert!(matches!(session.receive(&text, Instant::now()), Step::Ignore));
        assert!(session.liveness.is_draining());
    }

    #[tokio::test(start_paused = true)]
    async fn what_arrives_after_a_disconnect_is_still_delivered() {
        let mut session = session();
        session.receive(&frame("SYSTEM", "disconnect", "{}"), Instant::now());
        let text = frame("CALLBACK", topics::BOT_MESSAGE, "{}");
        let step = session.receive(&text, Instant::now());
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
            assert!(matches!(session().receive(&text, Instant::now()), Step::Unhandled(Kind::Other, id) if id == "m"));
        }
        assert!(matches!(session().receive("{broken", Instant::now()), Step::Skip(_)));
        assert!(matches!(session().receive(&frame("SYSTEM", "KEEPALIVE", "{}"), Instant::now()), Step::Ignore));
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_that_nobody_subscribed_is_consumed() {
        let mut session = Session::new(Arc::new([]), PATIENCE, Instant::now());
        let text = frame("EVENT", "*", "{}");
        let step = session.receive(&text, Instant::now());
        assert!(matches!(step, Step::Unhandled(Kind::Event, id) if id == "m"));
    }
}
