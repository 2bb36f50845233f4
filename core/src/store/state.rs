//! One state of a store, as the type that it is.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Backend, Kept, Key, Slot};
use crate::error::Result;

/// How long another process may take for a change, which needs no network.
const A_CHANGE: Duration = Duration::from_secs(5);

/// A state, shared with whoever names it alike in the same store.
pub(crate) enum State<T> {
    /// Of this process.
    Held(Arc<Mutex<T>>),
    /// Of all who share a store.
    Kept(Arc<dyn Backend>, Key),
}

/// A state that nobody else reads or changes meanwhile.
pub(crate) enum Locked<T> {
    Held(OwnedMutexGuard<T>),
    Kept { value: T, kept: Vec<u8>, slot: Box<dyn Slot> },
}

impl<T: Default + Serialize + DeserializeOwned + Send + 'static> State<T> {
    pub(crate) fn new(store: &Kept, key: Key) -> Self {
        match store {
            Kept::Memory(memory) => Self::Held(memory.of(&key)),
            Kept::Elsewhere(store) => Self::Kept(Arc::clone(store), key),
        }
    }

    /// Waits for the others, for another process at most so long.
    pub(crate) async fn lock(&self, patience: Duration) -> Result<Locked<T>> {
        let (store, key) = match self {
            Self::Held(held) => return Ok(Locked::Held(Arc::clone(held).lock_owned().await)),
            Self::Kept(store, key) => (store, key),
        };
        let slot = store.lock(key, patience).await?;
        let kept = slot.read()?;
        let value = serde_json::from_slice(&kept).unwrap_or_else(|_| {
            if !kept.is_empty() {
                store.warn(format_args!("{key} can't be read and begins anew"));
            }
            T::default()
        });
        Ok(Locked::Kept { value, kept, slot })
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
        let Self::Kept { value, kept, slot } = self else { return Ok(()) };
        let bytes = serde_json::to_vec(value).unwrap_or_default();
        if bytes != *kept {
            slot.write(&bytes)?;
            *kept = bytes;
        }
        Ok(())
    }
}

impl<T> Deref for Locked<T> {
    type Target = T;
    fn deref(&self) -> &T {
        match self {
            Self::Held(held) => held,
            Self::Kept { value, .. } => value,
        }
    }
}

impl<T> DerefMut for Locked<T> {
    fn deref_mut(&mut self) -> &mut T {
        match self {
            Self::Held(held) => held,
            Self::Kept { value, .. } => value,
        }
    }
}

#[cfg(test)]
impl<T: Default> State<T> {
    /// A state of its own.
    pub(crate) fn alone() -> Self {
        Self::Held(Arc::default())
    }
}
