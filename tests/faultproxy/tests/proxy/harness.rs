//! A proxy, and both ends of the connections through it.

use std::io::{self, ErrorKind};
use std::time::Duration;

use dingstream_faultproxy::{End, FaultProxy, Options, Socket, Tls};
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_async, client_async};

pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

/// What a test waits for must come.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    timeout(DEADLINE, event).await.expect("in time")
}

pub(crate) struct World {
    pub(crate) proxy: FaultProxy,
    server: TcpListener,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(None).await
    }

    pub(crate) async fn with(tls: Option<Tls>) -> Self {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let upstream = server.local_addr().expect("bound").to_string();
        let proxy = FaultProxy::start(Options { upstream, port: 0, tls }).expect("the proxy starts");
        Self { proxy, server }
    }

    pub(crate) async fn connect(&self) -> io::Result<TcpStream> {
        let address = self.proxy.url().replace("http://", "");
        soon(TcpStream::connect(address)).await
    }

    pub(crate) async fn accept(&self) -> TcpStream {
        soon(self.server.accept()).await.expect("a connection").0
    }

    /// The client's end and the server's.
    pub(crate) async fn pair(&self) -> (TcpStream, TcpStream) {
        let client = self.connect().await.expect("the proxy listens");
        (client, self.accept().await)
    }

    /// The same, as WebSockets.
    pub(crate) async fn sockets(&self) -> (WebSocketStream<TcpStream>, WebSocketStream<TcpStream>) {
        let (client, server) = self.pair().await;
        let (client, server) =
            soon(async { tokio::join!(client_async("ws://127.0.0.1/", client), async { accept_async(server).await }) })
                .await;
        (client.expect("an upgrade").0, server.expect("an upgrade"))
    }

    /// The ledger of the only WebSocket.
    pub(crate) fn socket(&self) -> Socket {
        let mut ledger = self.proxy.ledger();
        assert_eq!(ledger.len(), 1);
        ledger.remove(0)
    }

    /// The same, once it has ended.
    pub(crate) async fn ended(&self) -> Socket {
        self.socket_when(|socket| socket.end != End::Open).await
    }

    /// The same, once so many frames went through: a client may have them before the proxy has told.
    pub(crate) async fn passed(&self, count: usize) -> Socket {
        self.socket_when(|socket| socket.frames.iter().filter(|frame| frame.whole).count() == count).await
    }

    pub(crate) async fn socket_when(&self, holds: impl Fn(&Socket) -> bool) -> Socket {
        soon(async {
            while !holds(&self.socket()) {
                sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
        self.socket()
    }
}

/// The next bytes, as many as these, are these.
pub(crate) async fn expect(stream: &mut TcpStream, bytes: &[u8]) {
    let mut read = vec![0; bytes.len()];
    soon(stream.read_exact(&mut read)).await.expect("as many bytes");
    assert_eq!(read, bytes);
}

pub(crate) async fn send(stream: &mut TcpStream, bytes: &[u8]) {
    soon(stream.write_all(bytes)).await.expect("an open connection");
}

/// Everything up to the end of the stream, and that end.
pub(crate) async fn rest(stream: &mut TcpStream) -> (Vec<u8>, io::Result<usize>) {
    let mut read = Vec::new();
    let end = soon(stream.read_to_end(&mut read)).await;
    (read, end)
}

pub(crate) async fn expect_reset(stream: &mut TcpStream) {
    let (_, end) = rest(stream).await;
    assert_eq!(end.expect_err("a reset").kind(), ErrorKind::ConnectionReset);
}

/// Nothing has come so far.
pub(crate) fn expect_silence(stream: &TcpStream) {
    let silence = stream.try_read(&mut [0]).expect_err("nothing to read");
    assert_eq!(silence.kind(), ErrorKind::WouldBlock);
}

pub(crate) async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<Message, Error> {
    soon(socket.next()).await.unwrap_or(Err(Error::ConnectionClosed))
}

/// A frame as DingTalk sends it, with so many bytes in all.
pub(crate) fn push(id: &str, length: usize) -> String {
    let empty = format!(r#"{{"headers":{{"messageId":"{id}"}},"data":""}}"#);
    let padding = "x".repeat(length.saturating_sub(empty.len()));
    format!(r#"{{"headers":{{"messageId":"{id}"}},"data":"{padding}"}}"#)
}
