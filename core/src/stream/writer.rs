//! The writing half of a connection: many answers in one write, and a bound on how long the server may take none.

use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Packet;

use super::connection::Writing;
use super::outbox::Outgoing;
use super::socket::Socket;
use crate::tally::Tally;

/// How long a closed socket may take to say goodbye.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);
/// A server that takes nothing for so long is gone, whatever it still sends.
const STALLED: Duration = Duration::from_secs(30);

/// Writes until told to close or unable to.
pub(super) async fn write(mut sink: SplitSink<Socket, Packet>, writing: Writing) {
    let connection = &writing.0;
    let mut batch = Vec::new();
    loop {
        connection.outbox.take(&mut batch).await;
        match timeout(STALLED, write_batch(&mut sink, &mut batch, &connection.unwritten)).await {
            Ok(Some(())) => {}
            Ok(None) | Err(_) => return,
        }
    }
}

/// None where nothing more can or is to be written.
async fn write_batch(
    sink: &mut (impl Sink<Packet> + Unpin),
    batch: &mut Vec<Outgoing>,
    unwritten: &Tally,
) -> Option<()> {
    for outgoing in batch.drain(..) {
        match outgoing {
            Outgoing::Text(text) => {
                sink.feed(Packet::text(text)).await.ok()?;
                unwritten.done();
            }
            Outgoing::Ping => sink.feed(Packet::Ping(Default::default())).await.ok()?,
            Outgoing::Close => {
                let _ = timeout(GOODBYE, sink.close()).await;
                return None;
            }
        }
    }
    sink.flush().await.ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::StreamExt;
    use tokio::time::Instant;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;
    use crate::net::Bytes;
    use crate::stream::connection::Connection;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_given_up() {
        let (near, _far) = tokio::io::duplex(1024);
        let near: Box<dyn Bytes> = Box::new(near);
        let (sink, _stream) = WebSocketStream::from_raw_socket(near, Role::Client, None).await.split();
        let connection = Arc::new(Connection::default());
        assert!(connection.answer("x".repeat(1 << 20)));
        let begun = Instant::now();
        write(sink, Writing(Arc::clone(&connection))).await;
        assert_eq!(begun.elapsed(), STALLED);
        assert!(connection.is_closed(), "everybody hears of it");
        connection.unwritable().await;
    }
}
