//! The one way to the network, for connections and calls alike: proxies, TLS roots, and errors that name no secret.

pub(crate) mod dial;
pub(crate) mod fetch;
pub(crate) mod flow;
pub(crate) mod http;
pub(crate) mod proxy;
pub(crate) mod tls;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

pub(crate) use dial::{Bytes, Dialer};
pub(crate) use fetch::Incoming;
pub(crate) use flow::Progress;
pub(crate) use http::{Failure, Response, Sending, Transport};
pub(crate) use proxy::Proxies;

use crate::error::Result;

/// How somebody reaches the network.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Route {
    pub(crate) proxies: Proxies,
    /// A file with further certificate authorities, or empty.
    pub(crate) ca_file: String,
    pub(crate) ipv4_only: bool,
}

/// What a route is made of: HTTP, and plain connections.
pub(crate) struct Network {
    pub(crate) transport: Transport,
    pub(crate) dialer: Dialer,
}

/// The networks of a process, each made once for all clients that take the same route.
#[derive(Default)]
pub(crate) struct Networks(Mutex<HashMap<Route, Weak<Network>>>);

impl Networks {
    pub(crate) fn by(&self, route: &Route) -> Result<Arc<Network>> {
        let mut networks = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(network) = networks.get(route).and_then(Weak::upgrade) {
            return Ok(network);
        }
        let tls = tls::client_config(&route.ca_file)?;
        let made = Arc::new(Network { transport: Transport::new(route, &tls)?, dialer: Dialer::new(route, tls) });
        networks.retain(|_, network| network.strong_count() > 0);
        networks.insert(route.clone(), Arc::downgrade(&made));
        Ok(made)
    }
}
