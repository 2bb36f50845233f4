//! Opening a connection, the upgrade to WebSocket, tokens and calls: as little HTTP as that takes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::Result;

/// An upgraded connection, and what was read behind the request.
pub(crate) struct Upgraded {
    pub(crate) stream: TcpStream,
    pub(crate) read: Vec<u8>,
}

/// How many tokens were asked for, and how many other calls.
pub(crate) static TOKENS: AtomicU64 = AtomicU64::new(0);
pub(crate) static CALLS: AtomicU64 = AtomicU64::new(0);

/// Listens on loopback. Any id and secret are let in; the receiver gets what upgrades.
pub(crate) fn listen() -> Result<(SocketAddr, Receiver<Upgraded>)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    let (sender, upgraded) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let sender = sender.clone();
            thread::spawn(move || serve(stream, address, &sender));
        }
    });
    Ok((address, upgraded))
}

/// Serves requests until the client leaves or upgrades. A client that is gone is noticed by who waits for it.
fn serve(mut stream: TcpStream, address: SocketAddr, sender: &Sender<Upgraded>) -> Option<()> {
    let _ = stream.set_nodelay(true);
    let mut read = Vec::new();
    loop {
        let end = loop {
            match memchr::memmem::find(&read, b"\r\n\r\n") {
                Some(at) => break at + 4,
                None => more(&mut stream, &mut read)?,
            }
        };
        let head = String::from_utf8(read.drain(..end).collect()).ok()?;
        if let Some(key) = header(&head, "sec-websocket-key") {
            let accept = derive_accept_key(key.as_bytes());
            let answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                 Sec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).ok()?;
            return sender.send(Upgraded { stream, read }).ok();
        }
        let length = header(&head, "content-length").and_then(|length| length.parse().ok());
        let length: usize = length.unwrap_or_default();
        while read.len() < length {
            more(&mut stream, &mut read)?;
        }
        read.drain(..length);
        let asked = head.lines().next().unwrap_or_default();
        let counter = if asked.contains("/oauth2/accessToken") { &TOKENS } else { &CALLS };
        counter.fetch_add(1, Ordering::Relaxed);
        // One answer fits whatever was asked.
        let body = format!(
            r#"{{"endpoint":"ws://{address}/connect","ticket":"bench","accessToken":"bench","expireIn":7200}}"#
        );
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).ok()?;
    }
}

fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer).ok().filter(|&count| count > 0)?;
    read.extend_from_slice(&buffer[..count]);
    Some(())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value.trim()))
}
