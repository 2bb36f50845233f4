//! One thing handed to the application, settled once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};

use once_cell::race::OnceBox;
use serde_json::Value;
use tokio::time::Instant;

use crate::call::Call;
use crate::card::{CardOptions, CardSession};
use crate::client::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::json::Json;
pub use crate::kind::{KINDS, Kind};
use crate::log::Level;
use crate::message::Message;
use crate::reply::Via;
use crate::stream::frame::Frame;
use crate::stream::{Bin, Settlement, settle};
use crate::text::Row;

/// One thing handed to the application. It owes one settling: [`ok`](Self::ok), [`later`](Self::later) or
/// [`fail`](Self::fail). Dropped unsettled, it is declined. Its text stays readable until it is dropped, also after its
/// client is gone.
pub struct Delivery(Arc<Body>);

/// A delivery's substance, which the inbox keeps an eye on until it is settled.
pub(crate) struct Body {
    kind: Kind,
    /// [`TOPIC`], [`ID`] and [`HEADERS`].
    head: Row<3>,
    /// Made when they are first asked for, which is seldom.
    headers: OnceBox<Json>,
    data: Json,
    settled: AtomicU8,
    /// When the application took it, on the client's own clock; 0 before.
    taken: AtomicU64,
    /// Its place in the inbox; [`NOWHERE`] for what owes nothing.
    place: AtomicUsize,
    /// Where it goes once nobody needs it any more.
    bin: Option<Arc<Bin>>,
    shared: Arc<Shared>,
}

const TOPIC: usize = 0;
const ID: usize = 1;
const HEADERS: usize = 2;

const NOWHERE: usize = usize::MAX;

const OWED: u8 = 0;
const SETTLED: u8 = 1;
/// Settled by the library, because the application took too long.
const EXPIRED: u8 = 2;

impl Body {
    pub(crate) fn new(shared: &Arc<Shared>, bin: &Arc<Bin>, kind: Kind, frame: Frame<'_>) -> Self {
        Self {
            kind,
            head: Row::new([&frame.topic, &frame.message_id, frame.headers]),
            headers: OnceBox::new(),
            data: Json::new(frame.data),
            settled: AtomicU8::new(OWED),
            taken: AtomicU64::new(0),
            place: AtomicUsize::new(NOWHERE),
            bin: Some(Arc::clone(bin)),
            shared: Arc::clone(shared),
        }
    }

    /// It is let in: before anybody else has it.
    pub(crate) fn put(&self, place: usize) {
        self.place.store(place, Ordering::Relaxed);
    }

    fn place(&self) -> Option<usize> {
        Some(self.place.load(Ordering::Relaxed)).filter(|place| *place != NOWHERE)
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    pub(crate) fn id(&self) -> &str {
        self.head.get(ID)
    }

    pub(crate) fn headers(&self) -> &Json {
        self.headers.get_or_init(|| Box::new(Json::new(self.head.get(HEADERS))))
    }

    pub(crate) fn data(&self) -> &Json {
        &self.data
    }

    /// When the application took it.
    pub(crate) fn taken(&self) -> Option<Instant> {
        Some(self.taken.load(Ordering::Relaxed)).filter(|taken| *taken > 0).map(|taken| self.shared.instant(taken))
    }

    /// Takes the settling from the application; false where it was faster.
    pub(crate) fn expire(&self) -> bool {
        self.claim(EXPIRED).is_ok()
    }

    /// Declines what was [`expire`](Self::expire)d.
    pub(crate) fn decline(&self) {
        if let Some(place) = self.place() {
            let _ = settle(&self.shared, self, place, &Settlement::Declined);
        }
    }

    /// Settling is whoever's comes first; the error is what came before.
    fn claim(&self, how: u8) -> std::result::Result<u8, u8> {
        self.settled.compare_exchange(OWED, how, Ordering::AcqRel, Ordering::Acquire)
    }
}

impl From<Arc<Body>> for Delivery {
    fn from(body: Arc<Body>) -> Self {
        Self(body)
    }
}

impl Delivery {
    pub(crate) fn state(shared: &Arc<Shared>, name: &str, data: Value) -> Self {
        Self(Arc::new(Body {
            kind: Kind::State,
            head: Row::new([name, "", "{}"]),
            headers: OnceBox::new(),
            data: Json::from(data),
            settled: AtomicU8::new(SETTLED),
            taken: AtomicU64::new(0),
            place: AtomicUsize::new(NOWHERE),
            bin: None,
            shared: Arc::clone(shared),
        }))
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The topic that DingTalk sent it under; of a state, the state's name.
    pub fn topic(&self) -> &str {
        self.0.head.get(TOPIC)
    }

    /// The topic with a NUL behind it, for C.
    pub fn topic_with_nul(&self) -> &str {
        self.0.head.with_nul(TOPIC)
    }

    /// The id of this push (`headers.messageId`). DingTalk may push the same thing again under another id.
    pub fn id(&self) -> &str {
        self.0.id()
    }

    /// The id with a NUL behind it, for C.
    pub fn id_with_nul(&self) -> &str {
        self.0.head.with_nul(ID)
    }

    /// The payload: the raw JSON text that DingTalk sent, readable by pointer.
    pub fn data(&self) -> &Json {
        &self.0.data
    }

    /// The headers of the frame, readable by pointer.
    pub fn headers(&self) -> &Json {
        self.0.headers()
    }

    /// The tag that the client was given when it was made.
    pub fn source(&self) -> u64 {
        self.0.shared.source
    }

    pub(crate) fn client(&self) -> u64 {
        self.0.shared.id
    }

    /// The application has it now: from here on its time counts.
    pub(crate) fn take(&self, now: Instant) {
        self.0.taken.store(self.0.shared.clock(now), Ordering::Relaxed);
    }

    pub(crate) fn place(&self) -> Option<usize> {
        self.0.place()
    }

    /// Whether it was settled.
    pub fn is_settled(&self) -> bool {
        self.0.settled.load(Ordering::Acquire) != OWED
    }

    /// Done. `response` is what a card, graph or other delivery answers with (`null`: an empty one); messages and
    /// events carry none.
    ///
    /// # Errors
    /// `answered` where it was settled before, `expired` where the library had to answer first (a card action after
    /// `answer_within_card_ms`, anything after `handler_deadline_ms`), `forked` in a child.
    pub fn ok(&self, response: Value) -> Result<()> {
        self.settle(&Settlement::ok(self.kind(), &response))
    }

    /// Not now. An event comes again; for other kinds it is the same as [`fail`](Self::fail). The reason goes to DingTalk.
    ///
    /// # Errors
    /// As for [`ok`](Self::ok).
    pub fn later(&self, reason: &str) -> Result<()> {
        self.settle(&Settlement::Later(reason.to_owned()))
    }

    /// It did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret.
    ///
    /// # Errors
    /// As for [`ok`](Self::ok).
    pub fn fail(&self, reason: &str) -> Result<()> {
        self.settle(&Settlement::Fail(reason.to_owned()))
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
        self.settle(&Settlement::Unhandled)
    }

    /// Sends a message back to where this bot message came from: by its session webhook while that lives and can carry the
    /// message, else by OpenAPI. Done with `{"via":"session"}` or `{"via":"openapi","processQueryKeys":[…]}`.
    pub fn reply(&self, message: Message) -> Call {
        self.reply_via(Via::Auto, message)
    }

    /// The same by a way of your choice.
    pub fn reply_via(&self, via: Via, message: Message) -> Call {
        crate::reply::reply(&self.0.shared, self, message, via)
    }

    /// Opens a session that types into an AI card where this bot message came from. Where there can be no card, as for a sender
    /// without a staff id, the text goes out as a reply at its end.
    ///
    /// # Errors
    /// `argument` for anything but a bot message, `config` for options or a journal that can't be used, `forked` in a
    /// child. What DingTalk says comes with the end.
    pub fn card(&self, options: CardOptions) -> Result<CardSession> {
        CardSession::open(&self.0.shared, crate::reply::card(&self.0.shared, self)?, options)
    }

    pub(crate) fn refuse(&self) {
        let _ = self.settle(&Settlement::Refused);
    }

    fn settle(&self, settlement: &Settlement) -> Result<()> {
        let body = &self.0;
        body.shared.born.check("delivery")?;
        let Some(place) = body.place() else { return Ok(()) };
        match body.claim(SETTLED) {
            Ok(_) => {}
            Err(EXPIRED) => {
                return Err(Error::new(ErrorKind::Expired, "this delivery was not settled in time and was declined")
                    .hint("raise handler_deadline_ms, or settle sooner"));
            }
            Err(_) => {
                return Err(Error::new(ErrorKind::Answered, "this delivery was settled before")
                    .hint("settle a delivery once; its first answer is already on its way"));
            }
        }
        settle(&body.shared, body, place, settlement)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        // What it owes in a forked child belongs to the parent, and so do the locks behind it.
        if self.0.shared.born.is_forked() {
            return;
        }
        if !self.is_settled() {
            let kind = self.kind().name();
            self.0.shared.log(
                Level::Warn,
                "delivery",
                format_args!("a delivery of kind {kind} was dropped unsettled: declined"),
            );
            let _ = self.settle(&Settlement::Declined);
        }
        if let Some(bin) = &self.0.bin {
            bin.put(&self.0);
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
