//! The way out of one open WebSocket: what is sent to it, until it is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::outbox::Outbox;
use crate::tally::Tally;

/// The way back for answers: they leave on the connection that brought the delivery, or not at all.
#[derive(Default)]
pub(crate) struct Connection {
    pub(super) outbox: Outbox,
    /// Set when nothing is written any more.
    unwritable: watch::Sender<bool>,
    brought: AtomicBool,
    /// Answers that are not written yet.
    pub(super) unwritten: Tally,
    pub(crate) owed: Tally,
}

/// Says when it is dropped that nothing is written any more, however the writing ended.
pub(super) struct Writing(pub(super) Arc<Connection>);

impl Connection {
    /// Closes the socket once everything before is written.
    pub(crate) fn close(&self) {
        self.outbox.close();
    }

    /// Whether nothing can be sent any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.outbox.is_closed()
    }

    /// Completes when nothing can be written any more.
    pub(super) async fn unwritable(&self) {
        let _ = self.unwritable.subscribe().wait_for(|unwritable| *unwritable).await;
    }

    /// Asks the server for a sign of life.
    pub(super) fn ping(&self) {
        self.outbox.ping();
    }

    /// Something came for the application.
    pub(super) fn bring(&self) {
        self.brought.store(true, Ordering::Relaxed);
    }

    /// Whether anything came for the application.
    pub(super) fn has_brought(&self) -> bool {
        self.brought.load(Ordering::Relaxed)
    }

    /// Sends an answer; false where the connection is gone. The last one that is owed waits for no other.
    pub(super) fn answer(&self, write: impl FnOnce(&mut Vec<u8>)) -> bool {
        self.send(write, self.owed.count() <= 1)
    }

    /// Answers a control frame.
    pub(super) fn answer_at_once(&self, write: impl FnOnce(&mut Vec<u8>)) -> bool {
        self.send(write, true)
    }

    fn send(&self, write: impl FnOnce(&mut Vec<u8>), urgent: bool) -> bool {
        self.unwritten.add();
        self.outbox.write(write, urgent)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.outbox.end();
        self.0.unwritable.send_replace(true);
    }
}
