//! The way in of one open WebSocket: a task that reads, beside the one that writes, so that neither holds the other up.

use std::fmt;
use std::sync::Arc;

use futures_util::stream::SplitStream;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::Message as Packet;

use super::answer;
use super::connection::{Connection, Writing};
use super::intake::Intake;
use super::liveness::{Due, Patience};
use super::reception;
use super::run::Run;
use super::session::{Session, Step};
use super::socket::Socket;
use super::writer::{GOODBYE, write};
use crate::client::Shared;
use crate::error::{Error, ErrorKind};
use crate::kind::Kind;
use crate::log::Level;
use crate::queue::Queue;

/// How many answers may wait to be written before nothing more is read: a server that takes none must not fill the memory.
const BACKLOG: usize = 1024;
/// How many frames are taken at once at most, so that the writer has its turn.
const BATCH: usize = 64;

/// Why it is time for another connection.
#[derive(Debug)]
pub(crate) enum Leaving {
    /// The server asked for it; this connection goes on until the server closes it.
    Asked(String),
    /// The connection is gone.
    Gone(Error),
}

/// Serves `socket` in `tasks` until it ends; the receiver hears once when it is time for another connection.
pub(super) fn serve(
    run: &Run,
    sleeps: watch::Receiver<u64>,
    socket: Socket,
    tasks: &mut JoinSet<()>,
) -> (Arc<Connection>, oneshot::Receiver<Leaving>) {
    let (sink, stream) = socket.split();
    let connection = Arc::new(Connection::default());
    let (leave, leaving) = oneshot::channel();
    run.shared.connections.add();
    let reader = Reader {
        shared: Arc::clone(&run.shared),
        queue: run.queue.clone(),
        connection: Arc::clone(&connection),
        session: Session::new(Arc::clone(&run.subscriptions), Patience::of(&run.shared.config), Instant::now()),
        sleeps,
        leave: Some(leave),
        intake: Intake::default(),
    };
    tasks.spawn(write(sink, Writing(Arc::clone(&connection))));
    tasks.spawn(reader.run(stream));
    (connection, leaving)
}

struct Reader {
    shared: Arc<Shared>,
    queue: Queue,
    connection: Arc<Connection>,
    session: Session,
    /// Changes when the machine has slept.
    sleeps: watch::Receiver<u64>,
    leave: Option<oneshot::Sender<Leaving>>,
    /// Empty whenever this waits.
    intake: Intake,
}

/// What reading a frame brings.
type Read = Option<tungstenite::Result<Packet>>;

impl Reader {
    async fn run(mut self, mut stream: SplitStream<Socket>) {
        let reason = self.read(&mut stream).await;
        self.connection.close();
        if let Some(leave) = self.leave.take() {
            let _ = leave.send(Leaving::Gone(reason));
        }
    }

    async fn read(&mut self, stream: &mut SplitStream<Socket>) -> Error {
        let connection = Arc::clone(&self.connection);
        let mut unwritable = std::pin::pin!(connection.unwritable());
        let mut due = std::pin::pin!(sleep_until(self.session.liveness.deadline()));
        loop {
            let packet = tokio::select! {
                biased;
                packet = stream.next() => packet,
                () = &mut unwritable => {
                    // The peer's goodbye is polite to wait for, but not for long.
                    let _ = timeout(GOODBYE, self.hear_out(stream)).await;
                    return Error::new(ErrorKind::Network, "the connection takes no answers any more");
                }
                () = &mut due => {
                    match self.session.liveness.due(Instant::now()) {
                        Due::Nothing => {}
                        Due::Ping => {
                            self.shared.stats.pings.one();
                            connection.ping();
                        }
                        Due::Gone(error) => return error,
                    }
                    due.as_mut().reset(self.session.liveness.deadline());
                    continue;
                }
                Ok(()) = self.sleeps.changed() => {
                    self.session.liveness.suspect(Instant::now());
                    due.as_mut().reset(self.session.liveness.deadline());
                    continue;
                }
            };
            let now = Instant::now();
            let taken = self.take(packet, stream, now);
            self.intake.hand_over(&self.shared, &self.queue, now);
            match taken {
                Err(reason) => return reason,
                // More has come: what is to be written has its turn first, so that a burst holds no control frame up.
                Ok(BATCH) => yield_now().await,
                Ok(_) => {}
            }
            // Deadlines mostly move away, which the timer finds out when it fires.
            if self.session.liveness.deadline() < due.deadline() {
                due.as_mut().reset(self.session.liveness.deadline());
            }
            if connection.unwritten.count() > BACKLOG {
                tokio::select! {
                    () = connection.unwritten.zero() => {}
                    () = &mut unwritable => return Error::new(ErrorKind::Network, "the server takes no answers"),
                }
            }
        }
    }

    /// Takes a frame and what else has come by now, and says how many; the error is why nothing more comes.
    fn take(&mut self, mut read: Read, stream: &mut SplitStream<Socket>, now: Instant) -> Result<usize, Error> {
        self.session.liveness.heard(now);
        let mut taken = 0;
        loop {
            self.shared.heard(now);
            self.take_one(read, now)?;
            taken += 1;
            let more = if taken < BATCH { stream.next().now_or_never() } else { None };
            let Some(more) = more else { return Ok(taken) };
            read = more;
        }
    }

    fn take_one(&mut self, read: Read, now: Instant) -> Result<(), Error> {
        match read {
            Some(Ok(Packet::Text(text))) => self.receive(text.as_str(), now),
            Some(Ok(Packet::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                Ok(text) => self.receive(text, now),
                Err(_) => self.tell_skipped(&"a binary frame is not UTF-8"),
            },
            Some(Ok(Packet::Close(frame))) => {
                let code = frame.map_or(1005, |frame| u16::from(frame.code));
                let told = format!("the server closed the connection (code {code})");
                return Err(Error::new(ErrorKind::Network, told));
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(lost(&error)),
            None => return Err(Error::new(ErrorKind::Network, "the connection ended without a goodbye")),
        }
        Ok(())
    }

    /// Takes what was under way when the goodbye went out.
    async fn hear_out(&mut self, stream: &mut SplitStream<Socket>) {
        while let Some(Ok(packet)) = stream.next().await {
            if let Packet::Text(text) = packet {
                let now = Instant::now();
                self.receive(text.as_str(), now);
                self.intake.hand_over(&self.shared, &self.queue, now);
            }
        }
    }

    fn receive(&mut self, text: &str, now: Instant) {
        match self.session.receive(text, now) {
            Step::Pong(id, data) => drop(self.connection.answer_at_once(|out| answer::pong(out, &id, &data))),
            // Without a way to answer it would run here and, where it comes again, elsewhere too. Messages never do.
            Step::Deliver(kind, _) if kind != Kind::Message && self.connection.is_closed() => {}
            Step::Deliver(kind, frame) => {
                self.connection.bring();
                self.intake.take(&self.shared, &self.connection, (kind, frame), now);
            }
            Step::Unhandled(kind, message_id) => {
                reception::decline_unasked(&self.shared, &self.connection, kind, &message_id, now);
            }
            Step::Leave(reason) => {
                if let Some(leave) = self.leave.take() {
                    let _ = leave.send(Leaving::Asked(reason));
                }
            }
            Step::Skip(unreadable) => self.tell_skipped(&unreadable),
            Step::Ignore => {}
        }
    }

    fn tell_skipped(&self, why: &dyn fmt::Display) {
        self.shared.stats.skipped.one();
        self.shared.log(Level::Warn, "stream", format_args!("a frame was skipped: {why}"));
    }
}

impl Drop for Reader {
    /// However the reading ended, also by a panic: nothing is written to a socket that nobody reads.
    fn drop(&mut self) {
        self.connection.close();
        self.shared.connections.done();
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
