//! What has to be remembered for DingTalk's limits: which messages and calls went out when, which token is good until
//! when. It outlives the objects that use it. In memory it is this process's; in files it is that of every process of
//! this user which names the same directory.

mod file;
mod key;
mod memory;
mod state;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::config::choice;
use crate::error::Result;
use crate::log::Teller;
use file::Files;
pub(crate) use key::Key;
pub(crate) use memory::Memory;
pub(crate) use state::State;

/// Who shares what is counted and remembered: sent messages, calls, access tokens, bans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Store {
    /// This process.
    #[default]
    Memory,
    /// All processes of this user on this machine that name the same directory.
    File,
}

choice! { Store { "memory" => Memory, "file" => File, } }

/// Where state is kept. What is kept in different places is not shared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Memory,
    Directory(PathBuf),
}

impl Place {
    /// The place that options name.
    ///
    /// # Errors
    /// `config` where the directory can't be used.
    pub(crate) fn of(store: Store, dir: &str) -> Result<Self> {
        match store {
            Store::Memory => Ok(Self::Memory),
            Store::File => file::directory(dir).map(Self::Directory),
        }
    }
}

/// Where state is kept.
#[derive(Clone)]
pub(crate) enum Kept {
    /// In this process, as it is.
    Memory(Arc<Memory>),
    /// Where others find it, too.
    Elsewhere(Arc<dyn Backend>),
}

/// One way to keep state where others find it: bytes by key, each with a lock.
pub(crate) trait Backend: Send + Sync {
    /// Waits until nobody else holds this key: for this process as long as that takes, for another one at most so long.
    fn lock<'a>(&'a self, key: &'a Key, patience: Duration) -> BoxFuture<'a, Result<Box<dyn Slot>>>;

    /// Warns whoever uses this.
    fn warn(&self, told: fmt::Arguments<'_>);
}

/// The bytes of one key, which are nobody else's until this is dropped.
pub(crate) trait Slot: Send {
    /// Empty where nothing is kept.
    fn read(&self) -> Result<Vec<u8>>;

    /// All of it or, where that fails, nothing.
    fn write(&mut self, bytes: &[u8]) -> Result<()>;
}

/// What this process keeps, by place.
#[derive(Default)]
pub(crate) struct Stores {
    memory: Arc<Memory>,
    files: Mutex<HashMap<PathBuf, Arc<Files>>>,
}

impl Stores {
    /// The store at this place; what is wrong there is told to `teller`.
    pub(crate) fn at(&self, place: &Place, teller: &Arc<Teller>) -> Kept {
        match place {
            Place::Memory => Kept::Memory(Arc::clone(&self.memory)),
            Place::Directory(dir) => {
                let mut files = self.files.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                let store = files.entry(dir.clone()).or_insert_with(|| Arc::new(Files::new(dir.clone())));
                store.heard_by(teller);
                Kept::Elsewhere(Arc::<Files>::clone(store))
            }
        }
    }
}

/// Milliseconds since 1970: the one clock that processes share.
#[cfg(not(test))]
pub(crate) fn now_ms() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as u64)
}

/// The clock of tokio, which tests stop and move.
#[cfg(test)]
pub(crate) fn now_ms() -> u64 {
    static BEGAN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    const LONG_AGO: Duration = Duration::from_secs(1_700_000_000);
    // A clock may have been stopped before the first test asked.
    let now = tokio::time::Instant::now().into_std() + LONG_AGO;
    now.duration_since(*BEGAN).as_millis() as u64
}
