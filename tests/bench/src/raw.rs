//! The floor: a socket, frames cut by their length, nothing parsed, every answer the same but for its id.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use memchr::memmem::Finder;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use crate::frames::{DIGITS, MARK};
use crate::{Result, say};

const HANDSHAKE: &str = "GET /connect HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const ANSWER: &[u8] = br#"{"code":200,"headers":{"messageId":"push-##########","contentType":"application/json"},"message":"OK","data":"{\"response\":null}"}"#;

pub(crate) fn run(url: &str) -> Result<()> {
    let mut stream = TcpStream::connect(host(url))?;
    stream.set_nodelay(true)?;
    stream.write_all(HANDSHAKE.as_bytes())?;
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        read.push(byte[0]);
    }
    let handled = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&handled);
    thread::spawn(move || serve(stream, &counter));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { Ok::<_, std::io::Error>(signal(SignalKind::terminate())?.recv().await) })?;
    say(&json!({ "handled": handled.load(Ordering::SeqCst) }))
}

/// The `host:port` of a URL that the endpoint gave.
pub(crate) fn host(url: &str) -> &str {
    url.strip_prefix("http://").unwrap_or(url)
}

/// Its WebSocket address.
pub(crate) fn address(url: &str) -> String {
    format!("ws://{}/connect", host(url))
}

fn serve(mut stream: TcpStream, handled: &AtomicU64) -> std::io::Result<()> {
    let mark = Finder::new(MARK);
    // The mask is zero, so that masking is no work.
    let mut answer = vec![0x81, 0x80 | 126, 0, ANSWER.len() as u8, 0, 0, 0, 0];
    answer.extend_from_slice(ANSWER);
    let hole = memchr::memmem::find(&answer, b"##########").unwrap_or_default();
    let (mut buffer, mut filled, mut out) = (vec![0; 256 * 1024], 0, Vec::new());
    loop {
        let count = stream.read(&mut buffer[filled..])?;
        if count == 0 {
            return Ok(());
        }
        filled += count;
        let mut rest = &buffer[..filled];
        while let [_, 126, high, low, payload @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let (Some(frame), Some(at)) = (payload.get(..length), mark.find(payload)) else {
                break;
            };
            let id = at + MARK.len();
            answer[hole..hole + DIGITS].copy_from_slice(&frame[id..id + DIGITS]);
            out.extend_from_slice(&answer);
            handled.fetch_add(1, Ordering::SeqCst);
            rest = &payload[length..];
        }
        let left = rest.len();
        buffer.copy_within(filled - left..filled, 0);
        filled = left;
        stream.write_all(&out)?;
        out.clear();
    }
}
