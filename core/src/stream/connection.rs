//! The way out of one open WebSocket: what is sent to it, until it is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::writer::Outgoing;
use crate::tally::Tally;

/// The way back for answers: they leave on the connection that brought the delivery, or not at all.
pub(crate) struct Connection {
    outgoing: UnboundedSender<Outgoing>,
    /// Nothing that is sent after the goodbye goes out.
    closing: AtomicBool,
    brought: AtomicBool,
    /// Answers that are not written yet.
    pub(super) unwritten: Arc<Tally>,
    pub(crate) owed: Tally,
}

impl Connection {
    /// A connection, and what is to be written to its socket.
    pub(super) fn new() -> (Arc<Self>, UnboundedReceiver<Outgoing>) {
        let (outgoing, queued) = unbounded_channel();
        let connection = Self {
            outgoing,
            closing: AtomicBool::new(false),
            brought: AtomicBool::new(false),
            unwritten: Arc::default(),
            owed: Tally::default(),
        };
        (Arc::new(connection), queued)
    }

    /// Closes the socket once everything before is written.
    pub(crate) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        let _ = self.outgoing.send(Outgoing::Close);
    }

    /// Whether nothing can be sent any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closing.load(Ordering::Acquire) || self.outgoing.is_closed()
    }

    /// Completes when nothing can be written any more.
    pub(super) async fn unwritable(&self) {
        self.outgoing.closed().await;
    }

    /// Asks the server for a sign of life.
    pub(super) fn ping(&self) {
        let _ = self.outgoing.send(Outgoing::Ping);
    }

    /// Something came for the application.
    pub(super) fn bring(&self) {
        self.brought.store(true, Ordering::Relaxed);
    }

    /// Whether anything came for the application.
    pub(super) fn has_brought(&self) -> bool {
        self.brought.load(Ordering::Relaxed)
    }

    /// Sends a text; false where the connection is gone.
    pub(super) fn send(&self, text: String) -> bool {
        self.unwritten.add();
        !self.is_closed() && self.outgoing.send(Outgoing::Text(text)).is_ok()
    }
}
