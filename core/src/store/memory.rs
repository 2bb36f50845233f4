//! State that lives as long as the process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::OwnedMutexGuard;

use super::{Backend, Key, Slot};
use crate::error::Result;

/// One lock for each key, whose waiters come in their order.
#[derive(Default)]
pub(super) struct Lines<T>(Mutex<HashMap<Key, Arc<tokio::sync::Mutex<T>>>>);

impl<T: Default> Lines<T> {
    pub(super) async fn enter(&self, key: &Key) -> OwnedMutexGuard<T> {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            Arc::clone(lines.entry(key.clone()).or_default())
        };
        line.lock_owned().await
    }
}

/// What the process keeps.
#[derive(Default)]
pub(super) struct Memory(Lines<Vec<u8>>);

impl Backend for Memory {
    fn lock<'a>(&'a self, key: &'a Key, _: Duration) -> BoxFuture<'a, Result<Box<dyn Slot>>> {
        async move { Ok(Box::new(self.0.enter(key).await) as Box<dyn Slot>) }.boxed()
    }

    fn warn(&self, _: fmt::Arguments<'_>) {}
}

impl Slot for OwnedMutexGuard<Vec<u8>> {
    fn read(&self) -> Result<Vec<u8>> {
        Ok(self.to_vec())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        **self = bytes.to_vec();
        Ok(())
    }
}
