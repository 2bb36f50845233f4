//! A server written by hand: it hands out tickets as DingTalk does, and leaves to a test what happens to those who come.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dingstream::{Config, Kind};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The secret and the ticket that no one may see.
pub(crate) const SECRET: &str = "planted-secret";
pub(crate) const TICKET: &str = "planted-ticket";

/// Runs until dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// When tickets were asked for.
    pub(crate) opened: Arc<Mutex<Vec<Instant>>>,
    /// How many connections were accepted.
    pub(crate) accepted: Arc<AtomicUsize>,
    pub(crate) runtime: tokio::runtime::Runtime,
}

/// A connection that was accepted.
pub(crate) struct Visit {
    pub(crate) stream: TcpStream,
    /// The server's own address.
    pub(crate) address: SocketAddr,
    /// Whether it asks for a ticket, or posts something else.
    pub(crate) posts: bool,
    /// Which one it is of those that do not post; from 1 on.
    pub(crate) number: usize,
    opened: Arc<Mutex<Vec<Instant>>>,
}

/// A request over HTTP.
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Server {
    /// A server that does this to every connection.
    pub(crate) fn new<F: Future<Output = ()> + Send + 'static>(
        visited: impl Fn(Visit) -> F + Send + Sync + 'static,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let listener = runtime.block_on(async { listen() }).expect("a port");
        let address = listener.local_addr().expect("bound");
        let (opened, accepted) = (Arc::<Mutex<Vec<Instant>>>::default(), Arc::<AtomicUsize>::default());
        let (noted, all) = (Arc::clone(&opened), Arc::clone(&accepted));
        let (visited, others) = (Arc::new(visited), Arc::<AtomicUsize>::default());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                all.fetch_add(1, Ordering::SeqCst);
                let (visited, opened, others) = (Arc::clone(&visited), Arc::clone(&noted), Arc::clone(&others));
                tokio::spawn(async move {
                    let posts = posts(&stream).await;
                    let number = others.fetch_add(usize::from(!posts), Ordering::SeqCst) + 1;
                    visited(Visit { stream, address, posts, number, opened }).await;
                });
            }
        });
        Self { address, opened, accepted, runtime }
    }

    /// A server that grants every ticket, accepts every upgrade, and does this to the WebSockets.
    pub(crate) fn of_sockets<F: Future<Output = ()> + Send + 'static>(
        served: impl Fn(WebSocketStream<TcpStream>, usize) -> F + Send + Sync + 'static,
    ) -> Self {
        let served = Arc::new(served);
        Self::new(move |visit| {
            let served = Arc::clone(&served);
            async move {
                let number = visit.number;
                if let Some(socket) = visit.upgrade_or_grant().await {
                    served(socket, number).await;
                }
            }
        })
    }

    /// How many tickets were asked for.
    pub(crate) fn opens(&self) -> usize {
        self.opened.lock().expect("no panic").len()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A configuration that takes messages, and comes back soon.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new("ding-demo", SECRET);
        config.endpoint = self.url();
        config.local_ip = "127.0.0.1".to_owned();
        config.backoff_max_ms = Duration::from_millis(1);
        config.subscribe(Kind::Message, "").expect("valid");
        config
    }
}

/// With a small buffer: what nobody reads is soon felt on the other side.
fn listen() -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(64 * 1024)?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    socket.listen(128)
}

async fn posts(stream: &TcpStream) -> bool {
    let mut first = [0; 4];
    while stream.peek(&mut first).await.is_ok_and(|count| count > 0 && count < first.len()) {}
    &first == b"POST"
}

impl Visit {
    /// How many tickets were asked for.
    pub(crate) fn opens(&self) -> usize {
        self.opened.lock().expect("no panic").len()
    }

    /// Where the WebSocket of this server is.
    pub(crate) fn endpoint(&self) -> String {
        format!("ws://{}/connect", self.address)
    }

    /// The next request, unless the client is gone.
    pub(crate) async fn request(&mut self) -> Option<Request> {
        let head = self.head().await?;
        let body = self.body(&head).await?;
        Some(Request { head, body })
    }

    /// The head of the next request; its body may be still to come.
    pub(crate) async fn head(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.push(self.stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8(bytes).expect("a head is text");
        if head.contains("/v1.0/gateway/connections/open ") {
            self.opened.lock().expect("no panic").push(Instant::now());
        }
        Some(head)
    }

    /// The body that belongs to a head.
    pub(crate) async fn body(&mut self, head: &str) -> Option<String> {
        let lower = head.to_lowercase();
        let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut body).await.ok()?;
        Some(String::from_utf8(body).expect("a body is text"))
    }

    /// Answers a request; the connection can be used again.
    pub(crate) async fn respond(&mut self, status: u16, body: &str) {
        let head = format!("HTTP/1.1 {status} told\r\ncontent-length: {}\r\n\r\n", body.len());
        let _ = self.stream.write_all((head + body).as_bytes()).await;
    }

    /// Grants tickets to `endpoint` as long as they are asked for.
    pub(crate) async fn grant(mut self, endpoint: &str) {
        let granted = json!({ "endpoint": endpoint, "ticket": TICKET }).to_string();
        while self.request().await.is_some() {
            self.respond(200, &granted).await;
        }
    }

    /// The WebSocket, where it was no ticket that was asked for.
    pub(crate) async fn upgrade_or_grant(self) -> Option<WebSocketStream<TcpStream>> {
        if self.posts {
            let endpoint = self.endpoint();
            self.grant(&endpoint).await;
            return None;
        }
        Some(self.upgrade().await)
    }

    pub(crate) async fn upgrade(self) -> WebSocketStream<TcpStream> {
        tokio_tungstenite::accept_async(self.stream).await.expect("an upgrade")
    }

    /// Accepts an upgrade as soon as it is told to, and sends bytes right behind.
    pub(crate) async fn upgrade_late(&mut self, told: &Notify, bytes: &[u8]) {
        let request = self.request().await.expect("an upgrade");
        let key = request.head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: ")).expect("a key");
        let accepted = derive_accept_key(key.as_bytes());
        told.notified().await;
        let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket";
        let head = format!("{head}\r\nSec-WebSocket-Accept: {accepted}\r\n\r\n");
        let _ = self.stream.write_all(&[head.as_bytes(), bytes].concat()).await;
    }

    /// Says nothing until the client is gone.
    pub(crate) async fn silence(mut self) {
        let _ = self.stream.read_to_end(&mut Vec::new()).await;
    }
}

/// A frame as DingTalk sends it.
pub(crate) fn frame(kind: &str, topic: &str, id: &str, data: &Value) -> Message {
    let headers = json!({ "topic": topic, "messageId": id });
    Message::text(json!({ "type": kind, "headers": headers, "data": data.to_string() }).to_string())
}

/// The bytes of a short text frame, for a server that is no well-behaved WebSocket.
pub(crate) fn raw(frame: Message) -> Vec<u8> {
    let text = frame.into_data();
    let length = u16::try_from(text.len()).expect("short");
    let head = match length {
        0..126 => vec![0x81, length as u8],
        _ => [&[0x81, 126], length.to_be_bytes().as_slice()].concat(),
    };
    [head.as_slice(), &text].concat()
}

pub(crate) fn bot_message(id: &str, text: &str) -> Message {
    let data = json!({ "msgId": id, "msgtype": "text", "text": { "content": text } });
    frame("CALLBACK", "/v1.0/im/bot/messages/get", id, &data)
}

pub(crate) fn disconnect() -> Message {
    frame("SYSTEM", "disconnect", "d", &json!({ "reason": "connection is expired" }))
}
