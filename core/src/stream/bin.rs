//! Deliveries that the application is done with, on their way back to the network thread. Memory that one thread asks for and
//! another one frees makes both wait for the allocator's lock, which costs more than everything else about a delivery.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::delivery::Body;

/// How many are kept, and how large; others are freed where they are. A garbage collector gives back thousands at once.
const MANY: usize = 4096;
const LARGE: usize = 16 * 1024;
/// How many are freed in one go, so that no message waits for thousands.
const PORTION: usize = 256;

/// The bin of one connection.
pub(crate) struct Bin(Mutex<Option<Vec<Arc<Body>>>>);

impl Default for Bin {
    fn default() -> Self {
        Self(Mutex::new(Some(Vec::new())))
    }
}

impl Bin {
    /// Keeps it until the network thread comes.
    pub(crate) fn put(&self, body: &Arc<Body>) {
        if body.data().as_str().len() <= LARGE
            && let Some(bodies) = self.lock().as_mut()
            && bodies.len() < MANY
        {
            bodies.push(Arc::clone(body));
        }
    }

    /// Moves a portion of what is in it to `bodies`.
    pub(super) fn empty(&self, bodies: &mut Vec<Arc<Body>>) {
        if let Some(thrown) = self.lock().as_mut() {
            let kept = thrown.len().saturating_sub(PORTION);
            bodies.extend(thrown.drain(kept..));
        }
    }

    /// Empties it for the last time: bodies hold their bin, so it must not hold them for ever.
    pub(super) fn close(&self) {
        let bodies = self.lock().take();
        drop(bodies);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Arc<Body>>>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
