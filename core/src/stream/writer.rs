//! The writing half of a connection: many answers in one write, and a bound on how long the server may take none.

use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Bytes, Message as Packet, Utf8Bytes};

use super::connection::Writing;
use super::outbox::{Batch, Part};
use super::socket::Socket;
use crate::tally::Tally;

/// How long a closed socket may take to say goodbye.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);
/// A server that takes nothing for so long is gone, whatever it still sends.
const STALLED: Duration = Duration::from_secs(30);

/// Writes until told to close or unable to.
pub(super) async fn write(mut sink: SplitSink<Socket, Packet>, writing: Writing) {
    let connection = &writing.0;
    let mut used = Batch::default();
    loop {
        let batch = connection.outbox.take(used).await;
        match timeout(STALLED, write_batch(&mut sink, batch, &connection.unwritten)).await {
            Ok(Some(written)) => used = written,
            Ok(None) | Err(_) => return,
        }
    }
}

/// Gives the batch back, for its memory; None where nothing more can or is to be written.
async fn write_batch(sink: &mut (impl Sink<Packet> + Unpin), batch: Batch, unwritten: &Tally) -> Option<Batch> {
    let Batch { text, parts } = batch;
    let (text, mut begin) = (Bytes::from(text), 0);
    for part in &parts {
        match *part {
            Part::Answer(end) => {
                let answer = Utf8Bytes::try_from(text.slice(begin..end)).expect("answers are UTF-8");
                begin = end;
                sink.feed(Packet::Text(answer)).await.ok()?;
                unwritten.done();
            }
            Part::Ping => sink.feed(Packet::Ping(Bytes::new())).await.ok()?,
            Part::Close => {
                let _ = timeout(GOODBYE, sink.close()).await;
                return None;
            }
        }
    }
    sink.flush().await.ok()?;
    Some(Batch { text: text.into(), parts })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::StreamExt;
    use tokio::time::Instant;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;
    use crate::net;
    use crate::stream::connection::Connection;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_given_up() {
        let (near, _far) = tokio::io::duplex(1024);
        let near: Box<dyn net::Bytes> = Box::new(near);
        let (sink, _stream) = WebSocketStream::from_raw_socket(near, Role::Client, None).await.split();
        let connection = Arc::new(Connection::default());
        assert!(connection.answer(|out| out.resize(1 << 20, b'x')));
        let begun = Instant::now();
        write(sink, Writing(Arc::clone(&connection))).await;
        assert_eq!(begun.elapsed(), STALLED);
        assert!(connection.is_closed(), "everybody hears of it");
        connection.unwritable().await;
    }
}
