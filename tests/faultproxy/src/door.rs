//! The port that clients come to, open or shut.

use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;

const BACKLOG: u32 = 1024;

#[derive(Debug, Default)]
struct State {
    listener: Option<TcpListener>,
    /// Bound while there is no listener: the system refuses who comes, and gives the port to nobody else.
    placeholder: Option<TcpSocket>,
}

#[derive(Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    state: Mutex<State>,
    reopened: Notify,
}

impl Door {
    /// Call it inside a runtime.
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        let state = State { listener: Some(listener), placeholder: None };
        Ok(Self { address, state: Mutex::new(state), reopened: Notify::new() })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The next who comes.
    pub(crate) async fn next(&self) -> TcpStream {
        loop {
            tokio::select! {
                // An error is that of a connection that ended before it was accepted.
                accepted = poll_fn(|context| self.poll(context)) => {
                    if let Ok((stream, _)) = accepted {
                        return stream;
                    }
                }
                () = self.reopened.notified() => {}
            }
        }
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        self.lock().listener.as_ref().map_or(Poll::Pending, |listener| listener.poll_accept(context))
    }

    pub(crate) fn shut(&self) -> io::Result<()> {
        let mut state = self.lock();
        if state.listener.take().is_some() {
            state.placeholder = Some(bind(self.address)?);
        }
        Ok(())
    }

    /// Call it inside a runtime.
    pub(crate) fn reopen(&self) -> io::Result<()> {
        let mut state = self.lock();
        if let Some(placeholder) = state.placeholder.take() {
            state.listener = Some(placeholder.listen(BACKLOG)?);
            self.reopened.notify_one();
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connections of this port that still live must not be in the way.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
