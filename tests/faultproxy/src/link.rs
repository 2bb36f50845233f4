//! A connection through the proxy, as faults strike it and as the ledger tells it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::fault::{At, Fault, Side, What};
use crate::lane::{Flow, Lane};
use crate::ledger::{End, Passage, Socket};

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) number: u64,
    pub(crate) to_client: Lane,
    pub(crate) to_server: Lane,
    delay_ms: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Faults that wait for their point.
    armed: Vec<Fault>,
    /// Once it is a WebSocket.
    socket: Option<Socket>,
}

impl Link {
    pub(crate) fn new(number: u64) -> Self {
        let (to_client, to_server) = (Lane::new(), Lane::new());
        Self { number, to_client, to_server, delay_ms: AtomicU64::default(), state: Mutex::default() }
    }

    /// From here on its bytes are frames.
    pub(crate) fn upgrade(&self, armed: Vec<Fault>) {
        let socket =
            Socket { connection: self.number, end: End::Open, struck: Vec::new(), answers: 0, frames: Vec::new() };
        let mut state = self.lock();
        state.socket = Some(socket);
        state.armed.extend(armed);
    }

    pub(crate) fn is_socket(&self) -> bool {
        self.lock().socket.is_some()
    }

    pub(crate) fn is_open_socket(&self) -> bool {
        self.lock().socket.as_ref().is_some_and(|socket| socket.end == End::Open)
    }

    pub(crate) fn struck(&self) -> usize {
        self.lock().socket.as_ref().map_or(0, |socket| socket.struck.len())
    }

    pub(crate) fn socket(&self) -> Option<Socket> {
        self.lock().socket.clone()
    }

    /// At once, or as soon as its point is reached.
    pub(crate) fn strike(&self, fault: Fault) {
        if fault.is_immediate() { self.carry_out(fault) } else { self.lock().armed.push(fault) }
    }

    /// The fault whose point this is, if one waits for it.
    pub(crate) fn due(&self, here: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let armed = &mut self.lock().armed;
        armed.iter().position(here).map(|at| armed.remove(at))
    }

    pub(crate) fn due_before_an_answer(&self) -> Option<Fault> {
        self.due(|fault| fault.at == At::Answer)
    }

    /// It happens now.
    pub(crate) fn carry_out(&self, fault: Fault) {
        let turn_both = |flow| {
            self.to_client.turn(flow);
            self.to_server.turn(flow);
        };
        match fault.what {
            What::Cut => turn_both(Flow::Closed),
            What::Reset => turn_both(Flow::Reset),
            What::Stall => turn_both(Flow::Stalled),
            What::HalfClose(Side::Client) => self.to_client.turn(Flow::Closed),
            What::HalfClose(Side::Server) => self.to_server.turn(Flow::Closed),
            What::Mute => self.to_client.turn(Flow::Stalled),
            What::Delay(ms) => self.delay_ms.store(ms, Ordering::Relaxed),
            What::Corrupt | What::Duplicate | What::Refuse => {}
        }
        self.with_socket(|socket| {
            socket.struck.push(fault);
            match fault.what {
                What::Cut => socket.end = End::Cut,
                What::Reset => socket.end = End::Reset,
                What::HalfClose(_) => socket.end = End::HalfClosed,
                _ => {}
            }
        });
    }

    pub(crate) fn heal(&self) {
        self.lock().armed.clear();
        self.delay_ms.store(0, Ordering::Relaxed);
        self.to_client.heal();
        self.to_server.heal();
    }

    /// What every chunk waits.
    pub(crate) async fn delay(&self) {
        let ms = self.delay_ms.load(Ordering::Relaxed);
        if ms > 0 {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }

    /// Enters a frame that is about to be forwarded, before anybody can have it.
    pub(crate) fn enter(&self, passage: Passage) {
        self.with_socket(|socket| socket.frames.push(passage));
    }

    /// The frame that was entered last has been forwarded.
    pub(crate) fn passed(&self) {
        self.with_socket(|socket| {
            if let Some(passage) = socket.frames.last_mut() {
                passage.whole = true;
            }
        });
    }

    pub(crate) fn answered(&self) {
        self.with_socket(|socket| socket.answers += 1);
    }

    /// Both directions have ended.
    pub(crate) fn ended(&self, reset: bool) {
        self.with_socket(|socket| {
            if reset {
                socket.end = End::Reset;
            } else if socket.end == End::Open {
                socket.end = End::Closed;
            }
        });
    }

    fn with_socket(&self, f: impl FnOnce(&mut Socket)) {
        if let Some(socket) = &mut self.lock().socket {
            f(socket);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
