//! One state of a store, as the type that it is.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Backend, Key, Slot};
use crate::error::Result;

/// How long another process may take for a change, which needs no network.
const A_CHANGE: Duration = Duration::from_secs(5);

/// A state, shared with whoever names it alike in the same store.
pub(crate) struct State<T> {
    store: Arc<dyn Backend>,
    key: Key,
    of: PhantomData<fn() -> T>,
}

/// A state that nobody else reads or changes meanwhile.
pub(crate) struct Locked<T> {
    value: T,
    kept: Vec<u8>,
    slot: Box<dyn Slot>,
}

impl<T: Default + Serialize + DeserializeOwned> State<T> {
    pub(crate) fn new(store: &Arc<dyn Backend>, key: Key) -> Self {
        Self { store: Arc::clone(store), key, of: PhantomData }
    }

    /// Waits for the others, for another process at most so long.
    pub(crate) async fn lock(&self, patience: Duration) -> Result<Locked<T>> {
        let slot = self.store.lock(&self.key, patience).await?;
        let kept = slot.read()?;
        let value = serde_json::from_slice(&kept).unwrap_or_else(|_| {
            if !kept.is_empty() {
                self.store.warn(format_args!("{} can't be read and begins anew", self.key));
            }
            T::default()
        });
        Ok(Locked { value, kept, slot })
    }

    /// Changes it at once.
    pub(crate) async fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R> {
        let mut locked = self.lock(A_CHANGE).await?;
        let told = change(&mut locked);
        locked.save()?;
        Ok(told)
    }
}

impl<T: Serialize> Locked<T> {
    /// Keeps what was changed, for those who come next.
    pub(crate) fn save(&mut self) -> Result<()> {
        let bytes = serde_json::to_vec(&self.value).unwrap_or_default();
        if bytes != self.kept {
            self.slot.write(&bytes)?;
            self.kept = bytes;
        }
        Ok(())
    }
}

impl<T> Deref for Locked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Locked<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

#[cfg(test)]
impl<T: Default + Serialize + DeserializeOwned> State<T> {
    /// A state of its own.
    pub(crate) fn alone() -> Self {
        let store: Arc<dyn Backend> = Arc::new(super::Memory::default());
        Self::new(&store, Key::new("alone", &[]))
    }
}
