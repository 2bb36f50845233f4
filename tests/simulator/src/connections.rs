//! The open connections, and which of them a push goes to.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use crate::dice::Dice;
use crate::gateway::Opening;

/// What the connection's task is told.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Frame(Message),
    Close(u16),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Flow {
    Running,
    /// Half-open: nothing goes in or out.
    Stalled,
    Cut,
}

#[derive(Debug)]
struct Connection {
    id: String,
    opening: Opening,
    draining: bool,
    outgoing: mpsc::UnboundedSender<Outgoing>,
    flow: watch::Sender<Flow>,
}

/// The other ends, for the task that serves the connection.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) outgoing: mpsc::UnboundedReceiver<Outgoing>,
    pub(crate) flow: watch::Receiver<Flow>,
}

/// Who may get a push.
#[derive(Debug)]
pub(crate) struct Route<'a> {
    pub(crate) client_id: &'a str,
    /// Frame type and topic that the connection must have subscribed; None for any connection.
    pub(crate) subscription: Option<(&'a str, &'a str)>,
    /// This one and no other, whatever it subscribed, even while it drains.
    pub(crate) connection: Option<&'a str>,
}

#[derive(Debug, Default)]
struct Known {
    connections: Vec<Connection>,
    /// When an application's last connection ended.
    left: HashMap<String, Instant>,
}

impl Known {
    fn has(&self, client_id: &str) -> bool {
        self.connections.iter().any(|connection| connection.opening.client_id == client_id)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<Known>);

impl Connections {
    /// Tells as well how long the application had no connection at all, unless this is its first.
    pub(crate) fn add(&self, id: String, opening: Opening) -> (Lines, Option<Duration>) {
        let (outgoing, outgoing_end) = mpsc::unbounded_channel();
        let (flow, flow_end) = watch::channel(Flow::Running);
        let mut known = self.lock();
        let connected = known.has(&opening.client_id);
        let gap =
            if connected { Some(Duration::ZERO) } else { known.left.get(&opening.client_id).map(Instant::elapsed) };
        known.connections.push(Connection { id, opening, draining: false, outgoing, flow });
        (Lines { outgoing: outgoing_end, flow: flow_end }, gap)
    }

    /// Whose it was, unless it was forgotten already.
    pub(crate) fn remove(&self, id: &str) -> Option<String> {
        let mut known = self.lock();
        let at = known.connections.iter().position(|connection| connection.id == id)?;
        let client_id = known.connections.remove(at).opening.client_id;
        if !known.has(&client_id) {
            known.left.insert(client_id.clone(), Instant::now());
        }
        Some(client_id)
    }

    /// Forgetting a connection closes it: its task sees its lines end.
    pub(crate) fn clear(&self) {
        *self.lock() = Known::default();
    }

    pub(crate) fn choose(&self, route: &Route<'_>, dice: &Dice) -> Option<String> {
        let known = self.lock();
        let fits = |connection: &&Connection| match route.connection {
            Some(id) => connection.id == id,
            None => {
                connection.opening.client_id == route.client_id
                    && !connection.draining
                    && route.subscription.is_none_or(|(kind, topic)| subscribed(&connection.opening, kind, topic))
            }
        };
        let fitting: Vec<_> = known.connections.iter().filter(fits).collect();
        if fitting.is_empty() { None } else { Some(fitting[dice.pick(fitting.len())].id.clone()) }
    }

    pub(crate) fn send(&self, id: &str, outgoing: Outgoing) -> bool {
        self.with(id, |connection| connection.outgoing.send(outgoing).is_ok()).unwrap_or(false)
    }

    pub(crate) fn drain(&self, id: &str) {
        self.with(id, |connection| connection.draining = true);
    }

    pub(crate) fn is_open(&self, id: &str) -> bool {
        self.with(id, |connection| !connection.draining).unwrap_or(false)
    }

    pub(crate) fn set_flow(&self, id: &str, flow: Flow) {
        self.with(id, |connection| connection.flow.send_replace(flow));
    }

    pub(crate) fn unstall_all(&self) {
        for connection in &self.lock().connections {
            connection.flow.send_if_modified(|flow| {
                let stalled = *flow == Flow::Stalled;
                if stalled {
                    *flow = Flow::Running;
                }
                stalled
            });
        }
    }

    pub(crate) fn client_of(&self, id: &str) -> Option<String> {
        self.with(id, |connection| connection.opening.client_id.clone())
    }

    /// Ids of those that are open, of one application or of all.
    pub(crate) fn open_ids(&self, client_id: Option<&str>) -> Vec<String> {
        let known = self.lock();
        let open = known.connections.iter().filter(|connection| {
            !connection.draining && client_id.is_none_or(|client| connection.opening.client_id == client)
        });
        open.map(|connection| connection.id.clone()).collect()
    }

    pub(crate) fn describe(&self) -> Vec<Value> {
        let describe = |connection: &Connection| {
            let opening = &connection.opening;
            let mut described = json!({
                "id": connection.id,
                "clientId": opening.client_id,
                "subscriptions": opening.subscriptions,
                "state": if connection.draining { "draining" } else { "open" },
                "localIp": opening.local_ip,
                "ua": opening.ua,
            });
            if let Some(extras) = &opening.extras {
                described["extras"] = extras.clone();
            }
            described
        };
        self.lock().connections.iter().map(describe).collect()
    }

    fn with<T>(&self, id: &str, f: impl FnOnce(&mut Connection) -> T) -> Option<T> {
        self.lock().connections.iter_mut().find(|connection| connection.id == id).map(f)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn subscribed(opening: &Opening, kind: &str, topic: &str) -> bool {
    // Which events arrive is ticked in DingTalk's console; a client can only ask for all of them.
    opening.subscriptions.iter().any(|one| one.kind == kind && (kind == "EVENT" || one.topic == topic))
}
