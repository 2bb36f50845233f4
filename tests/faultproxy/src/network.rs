//! All connections: those that are, what is left of those that were, and what awaits those to come.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::fault::{Fault, On};
use crate::ledger::Socket;
use crate::link::Link;

#[derive(Debug, Default)]
pub(crate) struct Network(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    connections: u64,
    links: Vec<Arc<Link>>,
    gone: Vec<Socket>,
    awaiting: Vec<Fault>,
}

impl Network {
    /// A connection has come.
    pub(crate) fn admit(&self) -> Arc<Link> {
        let mut state = self.lock();
        state.connections += 1;
        let link = Arc::new(Link::new(state.connections));
        if let Some(at) = state.awaiting.iter().position(Fault::is_immediate) {
            link.strike(state.awaiting.remove(at));
        }
        state.links.push(Arc::clone(&link));
        link
    }

    /// It turns out to be a WebSocket.
    pub(crate) fn upgrade(&self, link: &Link) {
        let mut state = self.lock();
        let armed = state.awaiting.iter().position(|fault| !fault.is_immediate());
        let armed = armed.map(|at| state.awaiting.remove(at));
        link.upgrade(armed.into_iter().collect());
    }

    /// It has ended.
    pub(crate) fn leave(&self, link: &Link) {
        let mut state = self.lock();
        state.links.retain(|one| one.number != link.number);
        state.gone.extend(link.socket());
    }

    /// The numbers of the connections that it strikes, or is to strike.
    pub(crate) fn strike(&self, fault: Fault) -> Result<Vec<u64>, String> {
        let mut state = self.lock();
        let links: Vec<_> = match fault.on {
            On::Next => {
                state.awaiting.push(fault);
                Vec::new()
            }
            On::Sockets => state.links.iter().filter(|link| link.is_open_socket()).collect(),
            On::Connection(number) => {
                let link = state.links.iter().find(|link| link.number == number);
                vec![link.ok_or_else(|| format!("there is no connection {number}"))?]
            }
        };
        for link in &links {
            link.strike(fault);
        }
        Ok(links.iter().map(|link| link.number).collect())
    }

    pub(crate) fn heal(&self) {
        let mut state = self.lock();
        state.awaiting.clear();
        for link in &state.links {
            link.heal();
        }
    }

    pub(crate) fn open_sockets(&self) -> Vec<u64> {
        self.lock().links.iter().filter(|link| link.is_open_socket()).map(|link| link.number).collect()
    }

    pub(crate) fn struck(&self) -> usize {
        let state = self.lock();
        let here = state.links.iter().map(|link| link.struck()).sum::<usize>();
        here + state.gone.iter().map(|socket| socket.struck.len()).sum::<usize>()
    }

    pub(crate) fn ledger(&self) -> Vec<Socket> {
        let state = self.lock();
        let mut sockets = state.gone.clone();
        sockets.extend(state.links.iter().filter_map(|link| link.socket()));
        sockets.sort_by_key(|socket| socket.connection);
        sockets
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
