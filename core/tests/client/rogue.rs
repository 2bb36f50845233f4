//! A server that opens connections as DingTalk does and then misbehaves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingstream::{Config, Kind};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

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
    address: SocketAddr,
    /// How many tickets were asked for.
    pub(crate) opens: Arc<AtomicUsize>,
    /// Told when a client is gone, has answered the ping behind what is garbled, or reads no further.
    pub(crate) seen: Arc<Notify>,
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl Rogue {
    pub(crate) fn new(habit: Habit) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).expect("a port");
        let address = listener.local_addr().expect("bound");
        let (opens, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (counted, told) = (Arc::clone(&opens), Arc::clone(&seen));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(greet(habit, stream, address, Arc::clone(&counted), Arc::clone(&told)));
            }
        });
        Self { address, opens, seen, runtime }
    }

    /// A configuration that takes messages, with short patience.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new("ding-demo", "planted-secret");
        config.endpoint = format!("http://{}", self.address);
        config.connect_timeout_ms = Duration::from_millis(200);
        config.handshake_timeout_ms = Duration::from_millis(200);
        config.subscribe(Kind::Message, "").expect("valid");
        config
    }

    pub(crate) fn wait_seen(&self, patience: Duration) -> bool {
        self.runtime.block_on(async { tokio::time::timeout(patience, self.seen.notified()).await }).is_ok()
    }
}

async fn greet(habit: Habit, mut stream: TcpStream, address: SocketAddr, opens: Arc<AtomicUsize>, seen: Arc<Notify>) {
    let mut first = [0; 4];
    while stream.peek(&mut first).await.is_ok_and(|count| count < first.len()) {}
    if &first == b"POST" {
        opens.fetch_add(1, Ordering::SeqCst);
        if habit == Habit::SilentOpen {
            return drop(stream.read_to_end(&mut Vec::new()).await);
        }
        let body = format!(r#"{{"endpoint":"ws://{address}/connect","ticket":"planted-ticket"}}"#);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        let _ = stream.write_all((head + &body).as_bytes()).await;
        return drop(stream.read_to_end(&mut Vec::new()).await);
    }
    if habit == Habit::SilentUpgrade {
        let _ = stream.read_to_end(&mut Vec::new()).await;
        return seen.notify_one();
    }
    let mut socket = tokio_tungstenite::accept_async(stream).await.expect("an upgrade");
    let system = |topic: &str| {
        Message::text(format!(r#"{{"type":"SYSTEM","headers":{{"topic":"{topic}","messageId":"m"}},"data":"{{}}"}}"#))
    };
    match habit {
        Habit::SilentOpen | Habit::SilentUpgrade | Habit::Closes => {}
        Habit::Disconnects => {
            let _ = socket.send(system("disconnect")).await;
            while let Some(Ok(_)) = socket.next().await {}
        }
        Habit::Deaf => {
            let ping = format!(
                r#"{{"type":"SYSTEM","headers":{{"topic":"ping","messageId":"m"}},"data":"{}"}}"#,
                "x".repeat(8192)
            );
            let stream = socket.get_mut();
            let mut frame = vec![0x81, 126];
            frame.extend_from_slice(&(ping.len() as u16).to_be_bytes());
            frame.extend_from_slice(ping.as_bytes());
            while let Ok(Ok(())) = timeout(STALLED, stream.write_all(&frame)).await {}
            seen.notify_one();
            while stream.write_all(&frame).await.is_ok() {}
            seen.notify_one();
        }
        Habit::Garbled => {
            let _ = socket.send(Message::text("{\"planted\": broken")).await;
            let _ = socket.send(Message::binary(vec![0xff, 0xfe])).await;
            let _ = socket.send(system("ping")).await;
            while let Some(Ok(packet)) = socket.next().await {
                if packet.is_text() {
                    seen.notify_one();
                }
            }
        }
    }
}
