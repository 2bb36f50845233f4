//! One open WebSocket: a task that reads and a task that writes, so that neither holds the other up.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Message as Packet;

use super::inbox::Admission;
use super::session::{Session, Step};
use super::socket::Socket;
use super::{Settlement, answer};
use crate::client::Shared;
use crate::config::{Answer, Subscription};
use crate::delivery::{Delivery, Kind};
use crate::error::{Error, ErrorKind};
use crate::log::Level;
use crate::queue::Item;
use crate::tally::Tally;

/// How many answers go out in one write at most.
const WRITE_BATCH: usize = 64;
/// How long a closed socket may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// The way back for answers: they leave on the connection that brought the delivery, or not at all.
pub(crate) struct Connection {
    outgoing: mpsc::UnboundedSender<Outgoing>,
    pub(crate) owed: Tally,
    closing: Notify,
}

enum Outgoing {
    Text(String),
    Close,
}

/// Why the supervisor is to look for another connection.
#[derive(Debug)]
pub(crate) enum Leaving {
    /// The server asked for it; this connection goes on until the server closes it.
    Asked(String),
    /// The connection is gone.
    Gone(Error),
}

impl Connection {
    /// Serves `socket` until it ends; the receiver hears once when it is time for another connection.
    pub(crate) fn serve(
        shared: &Arc<Shared>,
        subscriptions: &Arc<[Subscription]>,
        socket: Socket,
    ) -> (Arc<Self>, oneshot::Receiver<Leaving>) {
        let (sink, stream) = socket.split();
        let (outgoing, queued) = mpsc::unbounded_channel();
        let connection = Arc::new(Self { outgoing, owed: Tally::default(), closing: Notify::new() });
        let (leave, leaving) = oneshot::channel();
        let reader = Reader {
            shared: Arc::clone(shared),
            connection: Arc::clone(&connection),
            session: Session::new(Arc::clone(subscriptions)),
            leave: Some(leave),
        };
        tokio::spawn(write(sink, queued));
        tokio::spawn(reader.run(stream));
        (connection, leaving)
    }

    /// Sends what was decided about a delivery; false where the connection is gone.
    pub(crate) fn answer(&self, kind: Kind, message_id: &str, settlement: &Settlement) -> bool {
        let sent = self.send(answer::answer(kind, message_id, settlement));
        self.owed.done();
        sent
    }

    /// Closes the socket once everything before is written.
    pub(crate) fn close(&self) {
        let _ = self.outgoing.send(Outgoing::Close);
        self.closing.notify_one();
    }

    /// Whether the socket is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.outgoing.is_closed()
    }

    /// Completes once both tasks are done with the socket.
    pub(crate) async fn closed(&self) {
        self.outgoing.closed().await;
    }

    fn send(&self, text: String) -> bool {
        self.outgoing.send(Outgoing::Text(text)).is_ok()
    }
}

struct Reader {
    shared: Arc<Shared>,
    connection: Arc<Connection>,
    session: Session,
    leave: Option<oneshot::Sender<Leaving>>,
}

impl Reader {
    async fn run(mut self, mut stream: SplitStream<Socket>) {
        let reason = self.read(&mut stream).await;
        if let Some(leave) = self.leave.take() {
            let _ = leave.send(Leaving::Gone(reason));
        }
    }

    async fn read(&mut self, stream: &mut SplitStream<Socket>) -> Error {
        loop {
            let deadline = self.session.deadline();
            let packet = tokio::select! {
                biased;
                packet = stream.next() => packet,
                () = self.connection.closing.notified() => {
                    // The peer's goodbye is polite to wait for, but not for long.
                    let _ = timeout(GOODBYE, async { while let Some(Ok(_)) = stream.next().await {} }).await;
                    return Error::new(ErrorKind::Closed, "the client closed the connection");
                }
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    return Error::new(ErrorKind::Timeout, "the server asked to disconnect and never closed");
                }
            };
            match packet {
                Some(Ok(Packet::Text(text))) => self.receive(text.as_str()),
                Some(Ok(Packet::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                    Ok(text) => self.receive(text),
                    Err(_) => self.tell_unreadable("a binary frame is not UTF-8"),
                },
                Some(Ok(Packet::Close(frame))) => {
                    let code = frame.map_or(1005, |frame| u16::from(frame.code));
                    return Error::new(ErrorKind::Network, format!("the server closed the connection (code {code})"));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return lost(&error),
                None => return Error::new(ErrorKind::Network, "the connection ended without a goodbye"),
            }
        }
    }

    fn receive(&mut self, text: &str) {
        match self.session.receive(text, Instant::now()) {
            Step::Answer(text) => drop(self.connection.send(text)),
            Step::Deliver(kind, frame) => self.deliver(kind, frame),
            Step::Leave(reason) => {
                if let Some(leave) = self.leave.take() {
                    let _ = leave.send(Leaving::Asked(reason));
                }
            }
            Step::Skip(unreadable) => self.tell_unreadable(&unreadable.to_string()),
            Step::Ignore => {}
        }
    }

    fn deliver(&self, kind: Kind, frame: super::frame::Frame) {
        let bytes = frame.data.len() + frame.headers.len();
        self.connection.owed.add();
        match self.shared.inbox.admit(kind, bytes) {
            Admission::Refused { first } => {
                if first {
                    let hint = "raise inbox_count or inbox_bytes, or let handlers finish sooner";
                    self.shared.log(
                        Level::Warn,
                        "inbox",
                        format!("the inbox is full, what arrives is refused: {hint}"),
                    );
                }
                self.connection.answer(kind, &frame.message_id, &Settlement::Refused);
            }
            Admission::Admitted(slot) => {
                let owing = match self.shared.config.answer(kind) {
                    Answer::OnCompletion => Some(Arc::clone(&self.connection)),
                    Answer::OnReceipt => {
                        self.connection.answer(kind, &frame.message_id, &Settlement::Ok(serde_json::Value::Null));
                        None
                    }
                };
                let delivery = Delivery::new(&self.shared, kind, frame, owing, slot);
                self.shared.queue.push(Item::Delivery(delivery));
            }
        }
    }

    fn tell_unreadable(&self, why: &str) {
        self.shared.log(Level::Warn, "stream", format!("a frame was skipped: {why}"));
    }
}

impl Drop for Reader {
    /// However the reading ended, also by a panic: nothing is written to a socket that nobody reads.
    fn drop(&mut self) {
        let _ = self.connection.outgoing.send(Outgoing::Close);
    }
}

async fn write(mut sink: SplitSink<Socket, Packet>, mut queued: mpsc::UnboundedReceiver<Outgoing>) {
    let mut batch = Vec::with_capacity(WRITE_BATCH);
    'open: while queued.recv_many(&mut batch, WRITE_BATCH).await > 0 {
        for outgoing in batch.drain(..) {
            match outgoing {
                Outgoing::Text(text) => {
                    if sink.feed(Packet::text(text)).await.is_err() {
                        break 'open;
                    }
                }
                Outgoing::Close => {
                    let _ = timeout(GOODBYE, sink.close()).await;
                    break 'open;
                }
            }
        }
        if sink.flush().await.is_err() {
            break;
        }
    }
}

fn lost(error: &tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::Io(error) => {
            Error::new(ErrorKind::Network, format!("the connection broke ({})", error.kind()))
        }
        tungstenite::Error::Capacity(_) => {
            Error::new(ErrorKind::TooLarge, "the server sent a frame above the bound of 64 MiB").retryable(true)
        }
        tungstenite::Error::Utf8(_) => {
            Error::new(ErrorKind::Protocol, "the server sent a text frame that is not UTF-8").retryable(true)
        }
        other => Error::new(ErrorKind::Protocol, format!("the server broke the WebSocket protocol ({other})"))
            .retryable(true),
    }
}
