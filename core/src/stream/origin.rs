//! Where an answer is owed: the connection that brought the delivery, and the id that it echoes.

use std::sync::Arc;

use tokio::time::Instant;

use super::answer::{self, Settlement};
use super::connection::Connection;
use crate::client::Shared;
use crate::kind::Kind;
use crate::log::Level;
use crate::stats::millis;

/// A debt of one answer to one connection.
pub(crate) struct Origin {
    connection: Arc<Connection>,
    /// Of a further push of the same thing; else it is the delivery's own.
    message_id: Option<Box<str>>,
    received: Instant,
    /// When the platform's patience is nearly over; `None` where it has none to lose.
    pub(crate) answer_by: Option<Instant>,
}

impl Origin {
    pub(crate) fn new(connection: &Arc<Connection>, received: Instant, answer_by: Option<Instant>) -> Self {
        connection.owed.add();
        Self { connection: Arc::clone(connection), message_id: None, received, answer_by }
    }

    /// Of a further push, which has an id of its own.
    pub(crate) fn under(self, message_id: &str) -> Self {
        let mut origin = self;
        origin.message_id = Some(message_id.into());
        origin
    }

    /// Answers on the connection that asked, or not at all: another connection would not know the id.
    pub(crate) fn answer(self, shared: &Shared, (kind, id): (Kind, &str), settlement: &Settlement, now: Instant) {
        let stats = &shared.stats;
        let id = self.message_id.as_deref().unwrap_or(id);
        if self.connection.answer(|out| answer::write(out, kind, id, settlement)) {
            let took = millis(now.saturating_duration_since(self.received));
            stats.answers.one();
            stats.answer_ms.add(took);
            shared.slowest_answer.saw(took);
        } else {
            stats.lost_answers.one();
            shared.log(
                Level::Info,
                "delivery",
                format_args!("a delivery of kind {} was settled after its connection had gone", kind.name()),
            );
        }
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.connection.owed.done();
    }
}
