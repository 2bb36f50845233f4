//! A TCP proxy between a client and the simulator that breaks the network at the byte level, and tells which frames got
//! through. `README.md` beside this crate describes its faults, its ledger and its control API.

mod door;
mod down;
mod fault;
mod frame;
mod lane;
mod ledger;
mod link;
mod network;
mod relay;
mod tls;
mod up;

use std::io;
use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

pub use crate::fault::{At, Fault, On, Side, What};
pub use crate::ledger::{End, Passage, Socket};
pub use crate::tls::Tls;

use crate::door::Door;
use crate::network::Network;
use crate::tls::Authority;

/// What a proxy starts with; [`FaultProxy::start`] takes it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Host and port that every connection is forwarded to.
    pub upstream: String,
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Speak TLS with clients. The upstream is always spoken to in plain TCP.
    pub tls: Option<Tls>,
}

/// A running proxy. It ends when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    door: Arc<Door>,
    network: Arc<Network>,
    authority: Option<Authority>,
    // An own runtime: a test that blocks its thread doesn't stop the network.
    runtime: Option<Runtime>,
}

impl FaultProxy {
    /// Listens on 127.0.0.1 and forwards from a thread of its own; call it from anywhere.
    pub fn start(options: Options) -> io::Result<Self> {
        let authority = options.tls.map(Authority::new).transpose()?;
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("faultproxy").enable_all().build()?;
        let door = {
            let _inside = runtime.enter();
            Arc::new(Door::open(options.port)?)
        };
        let network = Arc::new(Network::default());
        let acceptor = authority.as_ref().map(|authority| authority.acceptor.clone());
        let (entrance, inside) = (Arc::clone(&door), Arc::clone(&network));
        let upstream: Arc<str> = options.upstream.into();
        runtime.spawn(async move {
            loop {
                let client = entrance.next().await;
                tokio::spawn(relay::serve(Arc::clone(&inside), client, acceptor.clone(), Arc::clone(&upstream)));
            }
        });
        Ok(Self { door, network, authority, runtime: Some(runtime) })
    }

    /// Where clients find it: `http://127.0.0.1:PORT`, or `https://localhost:PORT`.
    pub fn url(&self) -> String {
        match self.authority {
            Some(_) => format!("https://localhost:{}", self.door.port()),
            None => format!("http://127.0.0.1:{}", self.door.port()),
        }
    }

    /// The certificate that a client has to trust, when the proxy speaks TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.authority.as_ref().map(|authority| authority.ca_pem.as_str())
    }

    /// Breaks something: the numbers of the connections that are there to be struck. The error is a sentence that says
    /// why nothing will break.
    pub fn strike(&self, fault: impl Into<Fault>) -> Result<Vec<u64>, String> {
        let fault = fault.into();
        fault.check()?;
        if fault.what == What::Refuse {
            self.door.shut().map_err(|error| error.to_string())?;
            return Ok(Vec::new());
        }
        self.network.strike(fault)
    }

    /// Takes back every fault that has not ended a connection. The error is that the port can't be had again.
    pub fn heal(&self) -> io::Result<()> {
        self.network.heal();
        let _inside = self.runtime.as_ref().map(Runtime::enter);
        self.door.reopen()
    }

    /// The numbers of the WebSockets that are open.
    pub fn open_sockets(&self) -> Vec<u64> {
        self.network.open_sockets()
    }

    /// How many faults have happened to WebSockets so far.
    pub fn struck(&self) -> usize {
        self.network.struck()
    }

    /// What got through so far, connection by connection.
    pub fn ledger(&self) -> Vec<Socket> {
        self.network.ledger()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Not a plain drop: that panics inside an async test.
            runtime.shutdown_background();
        }
    }
}
