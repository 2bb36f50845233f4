//! From the server to the client: the answer that switches protocols, then frames.

use std::io;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;

use crate::fault::{At, What};
use crate::frame::Frame;
use crate::ledger::Messages;
use crate::link::Link;
use crate::network::Network;
use crate::relay::{read, send};

const SWITCHING: &[u8] = b"HTTP/1.1 101 ";
const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// What the first bytes of the server are.
enum Beginning {
    Unclear,
    Plain,
    /// The answer is so long, and behind it come frames.
    Upgrade(usize),
}

impl Beginning {
    fn of(bytes: &[u8]) -> Self {
        if !bytes.iter().zip(SWITCHING).all(|(byte, expected)| byte == expected) {
            return Self::Plain;
        }
        let end = bytes.windows(END_OF_HEAD.len()).position(|window| window == END_OF_HEAD);
        end.map_or(Self::Unclear, |at| Self::Upgrade(at + END_OF_HEAD.len()))
    }
}

/// Until the server ends its side.
pub(crate) async fn pump(
    link: &Link,
    network: &Network,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut buffer = BytesMut::new();
    let mut beginning = Beginning::Unclear;
    while matches!(beginning, Beginning::Unclear) {
        if read(link, from, &mut buffer).await? == 0 {
            return send(to, &buffer).await;
        }
        beginning = Beginning::of(&buffer);
    }
    let Beginning::Upgrade(answer) = beginning else {
        loop {
            send(to, &buffer.split()).await?;
            if read(link, from, &mut buffer).await? == 0 {
                return Ok(());
            }
        }
    };
    // Before the client can know: what it sends next is a frame.
    network.upgrade(link);
    send(to, &buffer.split_to(answer)).await?;
    let mut messages = Messages::default();
    loop {
        while let Some(frame) = Frame::take(&mut buffer)? {
            forward(link, &frame, &mut messages, to).await?;
        }
        if read(link, from, &mut buffer).await? == 0 {
            return send(to, &buffer).await;
        }
    }
}

async fn forward(
    link: &Link,
    frame: &Frame,
    messages: &mut Messages,
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let fault = link.due(|fault| fault.fits(frame));
    let passage = messages.follow(frame, fault.is_some_and(|fault| fault.what == What::Corrupt));
    link.enter(passage.clone());
    match fault {
        None => send(to, &frame.bytes).await?,
        Some(fault) if fault.what == What::Corrupt => {
            link.carry_out(fault);
            send(to, &frame.corrupted()).await?;
        }
        Some(fault) if fault.what == What::Duplicate => {
            link.carry_out(fault);
            send(to, &frame.bytes).await?;
            link.passed();
            link.enter(passage);
            send(to, &frame.bytes).await?;
        }
        Some(fault) => {
            let (before, after) = frame.split(if fault.at == At::Header { 0 } else { frame.payload().len() / 2 });
            send(to, before).await?;
            link.carry_out(fault);
            // Whatever it was, it takes effect here.
            yield_now().await;
            send(to, after).await?;
        }
    }
    link.passed();
    Ok(())
}
