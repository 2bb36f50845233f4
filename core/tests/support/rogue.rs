//! Servers that open connections as DingTalk does and then misbehave.

use std::sync::Arc;
use std::time::Duration;

use dingstream::Config;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::NEVER;
use super::server::{Server, Visit, disconnect, frame, raw};

/// What it does to those who come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Habit {
    /// Takes the request for a ticket and says nothing.
    SilentOpen,
    /// Takes the upgrade and says nothing.
    SilentUpgrade,
    /// Accepts and closes at once.
    Closes,
    /// Asks for another connection at once, and never closes.
    Disconnects,
    /// Sends without end and reads nothing.
    Deaf,
    /// Sends one frame that nobody can read, then a ping.
    Garbled,
}

/// After so long without progress, a client reads no further.
const STALLED: Duration = Duration::from_millis(500);

/// Runs until dropped.
pub(crate) struct Rogue {
    server: Server,
    habit: Habit,
    /// Told when a client is gone, has answered the ping behind what is garbled, or reads no further.
    seen: Arc<Notify>,
}

impl Rogue {
    pub(crate) fn new(habit: Habit) -> Self {
        let seen = Arc::new(Notify::new());
        let told = Arc::clone(&seen);
        let server = Server::new(move |visit| greet(habit, visit, Arc::clone(&told)));
        Self { server, habit, seen }
    }

    /// A configuration that takes messages and waits for whatever comes; only an upgrade that never does is soon given up.
    pub(crate) fn config(&self) -> Config {
        let mut config = self.server.config();
        config.backoff_max_ms = Config::default().backoff_max_ms;
        (config.connect_timeout_ms, config.open_timeout_ms, config.handshake_timeout_ms) = (NEVER, NEVER, NEVER);
        if self.habit == Habit::SilentUpgrade {
            config.handshake_timeout_ms = Duration::from_millis(200);
        }
        config
    }

    /// How many tickets were asked for.
    pub(crate) fn opens(&self) -> usize {
        self.server.opens()
    }

    pub(crate) fn wait_seen(&self, patience: Duration) -> bool {
        self.server.runtime.block_on(async { timeout(patience, self.seen.notified()).await }).is_ok()
    }
}

async fn greet(habit: Habit, mut visit: Visit, seen: Arc<Notify>) {
    if visit.posts {
        if habit != Habit::SilentOpen {
            let endpoint = visit.endpoint();
            return visit.grant(&endpoint).await;
        }
        visit.request().await;
        return visit.silence().await;
    }
    if habit == Habit::SilentUpgrade {
        visit.silence().await;
        return seen.notify_one();
    }
    let mut socket = visit.upgrade().await;
    match habit {
        Habit::SilentOpen | Habit::SilentUpgrade | Habit::Closes => {}
        Habit::Disconnects => {
            let _ = socket.send(disconnect()).await;
            while let Some(Ok(_)) = socket.next().await {}
        }
        Habit::Deaf => {
            let ping = raw(frame("SYSTEM", "ping", "m", &json!("x".repeat(8192))));
            let stream = socket.get_mut();
            while let Ok(Ok(())) = timeout(STALLED, stream.write_all(&ping)).await {}
            seen.notify_one();
            while stream.write_all(&ping).await.is_ok() {}
            seen.notify_one();
        }
        Habit::Garbled => {
            let _ = socket.send(Message::text("{\"planted\": broken")).await;
            let _ = socket.send(Message::binary(vec![0xff, 0xfe])).await;
            let _ = socket.send(frame("SYSTEM", "ping", "m", &json!({}))).await;
            while let Some(Ok(packet)) = socket.next().await {
                if packet.is_text() {
                    seen.notify_one();
                }
            }
        }
    }
}
