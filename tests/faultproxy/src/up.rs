//! From the client to the server: requests, then frames.

use std::io;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;

use crate::frame::Frame;
use crate::link::Link;
use crate::relay::{read, send};

/// Until the client ends its side.
pub(crate) async fn pump(
    link: &Link,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut buffer = BytesMut::new();
    loop {
        if read(link, from, &mut buffer).await? == 0 {
            return send(to, &buffer).await;
        }
        if !link.is_socket() {
            send(to, &buffer.split()).await?;
            continue;
        }
        while let Some(frame) = Frame::take(&mut buffer)? {
            if frame.begins_a_message()
                && let Some(fault) = link.due_before_an_answer()
            {
                link.carry_out(fault);
                // Whatever it was, it takes effect here.
                yield_now().await;
            }
            send(to, &frame.bytes).await?;
            if frame.is_data() {
                link.answered();
            }
        }
    }
}
