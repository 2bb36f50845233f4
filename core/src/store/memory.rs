//! State that lives as long as the process, as it is.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::Key;

type Held = Arc<dyn Any + Send + Sync>;

/// What the process keeps.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<Key, Held>>);

impl Memory {
    /// The state of this key, the same for everybody who asks. A key has one type of state.
    pub(super) fn of<T: Default + Send + 'static>(&self, key: &Key) -> Arc<tokio::sync::Mutex<T>> {
        let mut held = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let state = held.entry(key.clone()).or_insert_with(|| Arc::new(tokio::sync::Mutex::new(T::default())));
        Arc::clone(state).downcast().unwrap_or_default()
    }
}
