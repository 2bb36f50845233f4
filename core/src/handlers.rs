//! Handlers: how a Rust program says what is to be done. The other languages have the same shape in their own tongue.

use std::collections::HashMap;
use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::call::Outcome;
use crate::client::{Client, State};
use crate::delivery::Delivery;
use crate::error::{ErrorKind, Result};
use crate::inbound::{BotMessage, CardAction, Event, GraphRequest, StateChange};
use crate::json::Json;
use crate::kind::Kind;
use crate::log::{Level, Record};
use crate::queue::Item;
use crate::unix;

/// Returned from a handler: not now. An event comes again; everything else is answered as failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later(
    /// Why, told to DingTalk: it must hold no secret.
    pub String,
);

/// What a handler may return: nothing, a response, [`Later`], or a [`Result`] of these.
pub trait Settle: Send + 'static {
    /// Settles the delivery accordingly.
    ///
    /// # Errors
    /// As for [`Delivery::ok`].
    fn settle(self, delivery: &Delivery) -> Result<()>;
}

impl Settle for () {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(Value::Null)
    }
}

impl Settle for Value {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(self)
    }
}

/// What a call brought, so that a handler can end with `message.reply(…).await`.
impl Settle for Arc<Json> {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.ok(self.value("").unwrap_or_default())
    }
}

impl Settle for Later {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        delivery.later(&self.0)
    }
}

impl<T: Settle, E: Display + Send + 'static> Settle for std::result::Result<T, E> {
    fn settle(self, delivery: &Delivery) -> Result<()> {
        match self {
            Ok(value) => value.settle(delivery),
            Err(error) => {
                tracing::error!(kind = delivery.kind().name(), id = delivery.id(), "a handler failed: {error}");
                delivery.fail(HANDLER_FAILED)
            }
        }
    }
}

/// What DingTalk is told about a handler's error: never the error itself.
const HANDLER_FAILED: &str = "the handler failed";

/// How many items are taken from the queue at once.
const BATCH: usize = 64;

type Work = Pin<Box<dyn Future<Output = Result<()>> + Send>>;
type Handler = Arc<dyn Fn(Arc<Delivery>) -> Work + Send + Sync>;

/// One handler per kind, plus one per event type and per topic.
#[derive(Clone, Default)]
pub(crate) struct Handlers {
    message: Option<Handler>,
    card: Option<Handler>,
    event: Option<Handler>,
    graph: Option<Handler>,
    state: Option<Handler>,
    event_types: HashMap<String, Handler>,
    topics: HashMap<String, Handler>,
}

impl Handlers {
    fn find(&self, delivery: &Delivery) -> Option<&Handler> {
        let by_topic = self.topics.get(delivery.topic());
        match delivery.kind() {
            Kind::Message => by_topic.or(self.message.as_ref()),
            Kind::Card => by_topic.or(self.card.as_ref()),
            Kind::State => self.state.as_ref(),
            Kind::Graph => by_topic.or(self.graph.as_ref()),
            Kind::Other => by_topic,
            Kind::Event => {
                let by_type =
                    delivery.headers().text("/eventType").and_then(|name| self.event_types.get(name.as_ref()));
                by_type.or(self.event.as_ref())
            }
        }
    }
}

fn handler<V, F, R>(wrap: fn(Arc<Delivery>) -> V, function: F) -> Handler
where
    V: 'static,
    F: Fn(V) -> R + Send + Sync + 'static,
    R: Future<Output: Settle> + Send + 'static,
{
    Arc::new(move |delivery: Arc<Delivery>| {
        let work = function(wrap(Arc::clone(&delivery)));
        Box::pin(async move {
            let returned = work.await;
            // What the handler settled itself is not settled again.
            if delivery.is_settled() { Ok(()) } else { returned.settle(&delivery) }
        })
    })
}

impl Client {
    /// Handles bot messages.
    ///
    /// # Errors
    /// `config` once the client was started; so for every `on_…`.
    pub fn on_message<F, R>(&self, function: F) -> Result<()>
    where
        F: Fn(BotMessage) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(Kind::Message, "")?;
        self.change_handlers(|handlers| handlers.message = Some(handler(BotMessage::from, function)))
    }

    /// Handles card actions; the value returned is the response that updates the card.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_card<F, R>(&self, function: F) -> Result<()>
    where
        F: Fn(CardAction) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(Kind::Card, "")?;
        self.change_handlers(|handlers| handlers.card = Some(handler(CardAction::from, function)))
    }

    /// Handles requests of AI assistants and plugins; what is returned is the response, a
    /// [`GraphResponse`](crate::GraphResponse).
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_graph<F, R>(&self, function: F) -> Result<()>
    where
        F: Fn(GraphRequest) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(Kind::Graph, "")?;
        self.change_handlers(|handlers| handlers.graph = Some(handler(GraphRequest::from, function)))
    }

    /// Handles the events that no [`on_event_type`](Self::on_event_type) handles.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_event<F, R>(&self, function: F) -> Result<()>
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(Kind::Event, "")?;
        self.change_handlers(|handlers| handlers.event = Some(handler(Event::from, function)))
    }

    /// Handles events of one type, such as `user_add_org`.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_event_type<F, R>(&self, event_type: &str, function: F) -> Result<()>
    where
        F: Fn(Event) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(Kind::Event, "")?;
        let handler = handler(Event::from, function);
        self.change_handlers(|handlers| drop(handlers.event_types.insert(event_type.to_owned(), handler)))
    }

    /// Handles one callback topic; the value returned is the response.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on<F, R>(&self, topic: &str, function: F) -> Result<()>
    where
        F: Fn(Arc<Delivery>) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.subscribe(crate::stream::topics::kind_of(topic), topic)?;
        let handler = handler(|delivery| delivery, function);
        self.change_handlers(|handlers| drop(handlers.topics.insert(topic.to_owned(), handler)))
    }

    /// Hears of changes of the connection.
    ///
    /// # Errors
    /// `config` once the client was started.
    pub fn on_state<F, R>(&self, function: F) -> Result<()>
    where
        F: Fn(StateChange) -> R + Send + Sync + 'static,
        R: Future<Output: Settle> + Send + 'static,
    {
        self.change_handlers(|handlers| handlers.state = Some(handler(StateChange::from, function)))
    }

    /// Starts, hands what arrives to the handlers, each in a task of its own, and returns once the client has stopped:
    /// after SIGINT or SIGTERM, after [`stop`](Self::stop), or with the refusal of its first start. It runs on the
    /// caller's tokio runtime.
    ///
    /// # Errors
    /// The refusal of the start.
    pub async fn run(&self) -> Result<()> {
        let mut start = self.start();
        let mut starting = true;
        let mut refused = Ok(());
        let mut heard = None;
        let mut signal = std::pin::pin!(unix::asked_to_end());
        let mut signalled = false;
        let mut items = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                outcome = &mut start, if starting => {
                    starting = false;
                    refused = refusal(outcome);
                    // Refused before it began: there is no `stopped` to wait for.
                    if refused.is_err() && self.state() == State::Idle {
                        return refused;
                    }
                }
                () = &mut signal, if !signalled => {
                    signalled = true;
                    drop(self.stop(self.stop_deadline()));
                }
                taken = self.queue().some(BATCH, &mut items) => {
                    taken?;
                    if items.is_empty() {
                        return refused;
                    }
                    let mut stopped = false;
                    for item in items.drain(..) {
                        match item {
                            Item::Delivery(delivery) if delivery.kind() == Kind::State => {
                                stopped |= delivery.topic() == State::Stopped.name();
                                heard = self.dispatch(delivery, heard.take());
                            }
                            Item::Delivery(delivery) => drop(self.dispatch(delivery, None)),
                            Item::Log { record, .. } => emit(&record),
                            Item::Done { .. } => {}
                        }
                    }
                    if stopped {
                        // The caller may end its runtime as soon as this returns, and the handler with it.
                        if let Some(heard) = heard {
                            let _ = heard.await;
                        }
                        return if starting { refusal(start.await) } else { refused };
                    }
                }
            }
        }
    }

    /// The task that ends with the handler, where there is one; it begins after `before`, for states are heard in order.
    fn dispatch(&self, delivery: Delivery, before: Option<JoinHandle<()>>) -> Option<JoinHandle<()>> {
        let Some(handler) = self.handlers().find(&delivery).cloned() else {
            if delivery.kind() != Kind::State {
                let _ = delivery.unhandled();
            }
            return None;
        };
        let delivery = Arc::new(delivery);
        Some(tokio::spawn(async move {
            if let Some(before) = before {
                let _ = before.await;
            }
            // A handler may panic before it made its future, too.
            let work = async { handler(Arc::clone(&delivery)).await };
            if AssertUnwindSafe(work).catch_unwind().await.is_err() && !delivery.is_settled() {
                let _ = delivery.fail(HANDLER_FAILED);
            }
        }))
    }
}

/// What `run` makes of how the start ended: being stopped before the first connection is no failure.
fn refusal(outcome: Outcome) -> Result<()> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::Closed => Err(error),
        _ => Ok(()),
    }
}

fn emit(record: &Record) {
    let (target, message) = (record.target, &record.message);
    match record.level {
        Level::Off => {}
        Level::Error => tracing::error!(part = target, "{message}"),
        Level::Warn => tracing::warn!(part = target, "{message}"),
        Level::Info => tracing::info!(part = target, "{message}"),
        Level::Debug => tracing::debug!(part = target, "{message}"),
        Level::Trace => tracing::trace!(part = target, "{message}"),
    }
}
