//! A connection from its beginning to its end.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::lane::Reset;
use crate::link::Link;
use crate::network::Network;
use crate::{down, up};

const CHUNK: usize = 16 * 1024;

pub(crate) async fn serve(network: Arc<Network>, mut client: TcpStream, tls: Option<TlsAcceptor>, upstream: Arc<str>) {
    let link = network.admit();
    match TcpStream::connect(&*upstream).await {
        Ok(mut server) => {
            let outcome = between(&link, &network, &mut client, &mut server, tls).await;
            // A client that had closed answers what still comes with a RST, and to a reader that looks like its FIN.
            let is_reset = outcome.is_err() || !matches!(client.take_error(), Ok(None));
            if is_reset {
                reset(&client);
                reset(&server);
            }
            link.ended(is_reset);
        }
        Err(_) => reset(&client),
    }
    network.leave(&link);
}

/// When it is dropped, it ends in a RST.
fn reset(stream: &TcpStream) {
    // It fails only on a socket that has ended already.
    let _ = stream.set_zero_linger();
}

async fn between(
    link: &Link,
    network: &Network,
    client: &mut TcpStream,
    server: &mut TcpStream,
    tls: Option<TlsAcceptor>,
) -> Result<(), Reset> {
    // Half a frame must arrive although the other half doesn't follow.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let Some(tls) = tls else {
        return pumps(link, network, client, server).await;
    };
    match link.to_client.guard(tls.accept(&mut *client)).await? {
        Some(mut stream) => pumps(link, network, &mut stream, server).await,
        None => {
            client.shutdown().await?;
            Ok(drain(client).await?)
        }
    }
}

async fn pumps(
    link: &Link,
    network: &Network,
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    server: &mut TcpStream,
) -> Result<(), Reset> {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = server.split();
    let down = async {
        link.to_client.guard(down::pump(link, network, &mut from_server, &mut to_client)).await?;
        to_client.shutdown().await?;
        // What becomes of the server is nothing to the client.
        let _ = drain(&mut from_server).await;
        Ok::<(), Reset>(())
    };
    let up = async {
        link.to_server.guard(up::pump(link, &mut from_client, &mut to_server)).await?;
        let _ = to_server.shutdown().await;
        // But a client that resets has left unread what was forwarded to it.
        Ok::<(), Reset>(drain(&mut from_client).await?)
    };
    tokio::try_join!(down, up)?;
    Ok(())
}

/// The next chunk; 0 at the end.
pub(crate) async fn read(link: &Link, from: &mut (impl AsyncRead + Unpin), buffer: &mut BytesMut) -> io::Result<usize> {
    buffer.reserve(CHUNK);
    let count = read_some(from, buffer).await?;
    link.delay().await;
    Ok(count)
}

async fn read_some(from: &mut (impl AsyncRead + Unpin), buffer: &mut BytesMut) -> io::Result<usize> {
    match from.read_buf(buffer).await {
        // TLS that ends without a farewell.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(0),
        read => read,
    }
}

/// Reads on and drops it: the kernel makes a RST of a FIN when something was left unread.
async fn drain(from: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut dropped = BytesMut::with_capacity(CHUNK);
    while read_some(from, &mut dropped).await? > 0 {
        dropped.clear();
    }
    Ok(())
}

pub(crate) async fn send(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}
