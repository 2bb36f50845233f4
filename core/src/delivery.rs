//! One thing handed to the application, settled once.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::call::Call;
use crate::client::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Json;
pub use crate::kind::{KINDS, Kind};
use crate::log::Level;
use crate::message::Message;
use crate::stream::{Connection, Settlement, Slot};
use crate::text::Text;

/// One thing handed to the application. It owes one settling: [`ok`](Self::ok), [`later`](Self::later) or
/// [`fail`](Self::fail). Dropped unsettled, it is declined. Its text stays readable until it is dropped, also after its
/// client is gone.
pub struct Delivery(Box<Inner>);

struct Inner {
    kind: Kind,
    topic: Text,
    id: Text,
    headers: Json,
    data: Json,
    settled: AtomicBool,
    debt: Option<Debt>,
    shared: Arc<Shared>,
}

/// What a delivery still owes, and to whom.
struct Debt {
    /// Taken by the settling; `None` where the answer went out on receipt.
    connection: Mutex<Option<Arc<Connection>>>,
    slot: Slot,
}

impl Delivery {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        kind: Kind,
        frame: crate::stream::frame::Frame,
        connection: Option<Arc<Connection>>,
        slot: Slot,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            topic: Text::new(frame.topic),
            id: Text::new(frame.message_id),
            headers: Json::new(frame.headers),
            data: Json::new(frame.data),
            settled: AtomicBool::new(false),
            debt: Some(Debt { connection: Mutex::new(connection), slot }),
            shared: Arc::clone(shared),
        }))
    }

    pub(crate) fn state(shared: &Arc<Shared>, name: &str, data: Value) -> Self {
        Self(Box::new(Inner {
            kind: Kind::State,
            topic: Text::new(name),
            id: Text::new(""),
            headers: Json::new("{}"),
            data: Json::from(data),
            settled: AtomicBool::new(true),
            debt: None,
            shared: Arc::clone(shared),
        }))
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The topic that DingTalk sent it under; of a state, the state's name.
    pub fn topic(&self) -> &str {
        self.0.topic.as_str()
    }

    /// The topic with a NUL behind it, for C.
    pub fn topic_with_nul(&self) -> &str {
        self.0.topic.as_str_with_nul()
    }

    /// The id of this push (`headers.messageId`). DingTalk may push the same thing again under another id.
    pub fn id(&self) -> &str {
        self.0.id.as_str()
    }

    /// The id with a NUL behind it, for C.
    pub fn id_with_nul(&self) -> &str {
        self.0.id.as_str_with_nul()
    }

    /// The payload: the raw JSON text that DingTalk sent, readable by pointer.
    pub fn data(&self) -> &Json {
        &self.0.data
    }

    /// The headers of the frame, readable by pointer.
    pub fn headers(&self) -> &Json {
        &self.0.headers
    }

    /// The tag that the client was given when it was made.
    pub fn source(&self) -> u64 {
        self.0.shared.source
    }

    pub(crate) fn client(&self) -> u64 {
        self.0.shared.id
    }

    /// Whether it was settled.
    pub fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Acquire)
    }

    /// Done. `response` is what a card, graph or other delivery answers with (`null`: an empty one); messages and
    /// events carry none.
    ///
    /// # Errors
    /// `answered` where it was settled before, `forked` in a child.
    pub fn ok(&self, response: Value) -> Result<()> {
        self.settle(Settlement::Ok(response))
    }

    /// Not now. An event comes again; for other kinds it is the same as [`fail`](Self::fail). The reason goes to DingTalk.
    ///
    /// # Errors
    /// As for [`ok`](Self::ok).
    pub fn later(&self, reason: &str) -> Result<()> {
        self.settle(Settlement::Later(reason.to_owned()))
    }

    /// It did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret.
    ///
    /// # Errors
    /// As for [`ok`](Self::ok).
    pub fn fail(&self, reason: &str) -> Result<()> {
        self.settle(Settlement::Fail(reason.to_owned()))
    }

    /// Nobody handles it: an event is consumed, everything else answered as a topic that does not exist.
    ///
    /// # Errors
    /// As for [`ok`](Self::ok).
    pub fn unhandled(&self) -> Result<()> {
        self.0.shared.log(
            Level::Debug,
            "delivery",
            format_args!("no handler for a delivery of kind {}", self.kind().name()),
        );
        self.settle(Settlement::Unhandled)
    }

    /// Sends a message back to where this bot message came from.
    pub fn reply(&self, message: Message) -> Call {
        crate::reply::reply(&self.0.shared, self, message)
    }

    pub(crate) fn refuse(&self) {
        let _ = self.settle(Settlement::Refused);
    }

    fn settle(&self, settlement: Settlement) -> Result<()> {
        self.0.shared.born.check("delivery")?;
        let Some(debt) = &self.0.debt else { return Ok(()) };
        if self.0.settled.swap(true, Ordering::AcqRel) {
            return Err(Error::new(ErrorKind::Answered, "this delivery was settled before")
                .hint("settle a delivery once; its first answer is already on its way"));
        }
        let connection = debt.connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
        if let Some(connection) = connection
            && !connection.answer(self.0.kind, self.id(), &settlement)
        {
            self.0.shared.log(
                Level::Info,
                "delivery",
                format_args!("a delivery of kind {} was settled after its connection had gone", self.kind().name()),
            );
        }
        debt.slot.release();
        Ok(())
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if self.is_settled() {
            return;
        }
        if self.0.shared.born.is_forked() {
            // What it owes belongs to the parent, and so do the locks behind it.
            std::mem::forget(self.0.debt.take());
        } else {
            let kind = self.kind().name();
            self.0.shared.log(
                Level::Warn,
                "delivery",
                format_args!("a delivery of kind {kind} was dropped unsettled: declined"),
            );
            let _ = self.settle(Settlement::Fail("declined".to_owned()));
        }
    }
}

impl fmt::Debug for Delivery {
    /// Shows kind, topic and id; never the data, which is what a person wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("kind", &self.0.kind)
            .field("topic", &self.topic())
            .field("id", &self.id())
            .finish_non_exhaustive()
    }
}
