//! The writing half of a connection: many answers in one write, and a bound on how long the server may take none.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Packet;

use super::socket::Socket;
use crate::tally::Tally;

/// How long a closed socket may take to say goodbye.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);
/// How many answers go out in one write at most.
const BATCH: usize = 64;
/// A server that takes nothing for so long is gone, whatever it still sends.
const STALLED: Duration = Duration::from_secs(30);

/// What goes out.
pub(super) enum Outgoing {
    /// An answer.
    Text(String),
    /// Asks the server for a sign of life.
    Ping,
    /// Nothing more goes out after it.
    Close,
}

/// Writes until told to close or unable to; dropping `queued` tells everybody so.
pub(super) async fn write(
    mut sink: SplitSink<Socket, Packet>,
    mut queued: UnboundedReceiver<Outgoing>,
    unwritten: Arc<Tally>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while queued.recv_many(&mut batch, BATCH).await > 0 {
        match timeout(STALLED, write_batch(&mut sink, &mut batch, &unwritten)).await {
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
    use futures_util::StreamExt;
    use tokio::sync::mpsc::unbounded_channel;
    use tokio::time::Instant;
    use tokio_tungstenite::WebSocketStream;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;
    use crate::net::Bytes;

    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_nothing_is_given_up() {
        let (near, _far) = tokio::io::duplex(1024);
        let near: Box<dyn Bytes> = Box::new(near);
        let (sink, _stream) = WebSocketStream::from_raw_socket(near, Role::Client, None).await.split();
        let (outgoing, queued) = unbounded_channel();
        let unwritten = Arc::new(Tally::default());
        unwritten.add();
        let _ = outgoing.send(Outgoing::Text("x".repeat(1 << 20)));
        let begun = Instant::now();
        write(sink, queued, unwritten).await;
        assert_eq!(begun.elapsed(), STALLED);
        assert!(outgoing.is_closed(), "everybody hears of it");
    }
}
