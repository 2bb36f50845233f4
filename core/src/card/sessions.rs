//! The sessions of a client that are open, so that its stop can end them.

use std::sync::{Arc, Mutex, Weak};

use super::session::Draft;

/// The sessions of a client.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Vec<Weak<Draft>>>);

impl Sessions {
    pub(super) fn add(&self, session: &Arc<Draft>) {
        let mut sessions = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        sessions.retain(|session| session.strong_count() > 0);
        sessions.push(Arc::downgrade(session));
    }

    /// Ends all that are open, with their fallback text.
    pub(crate) fn end_all(&self) {
        let sessions = std::mem::take(&mut *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
        for session in sessions.iter().filter_map(Weak::upgrade) {
            let _ = session.fail("");
        }
    }
}
