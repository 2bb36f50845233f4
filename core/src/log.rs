//! Log records: told to the queue, where the application's own logger picks them up.

use std::fmt;

use crate::queue::{Item, WeakQueue};
use crate::runtime::Born;

/// How severe a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Level {
    /// As an option: no records at all.
    Off = 0,
    /// Something is lost or does not work.
    Error = 1,
    /// Something that a person should know about.
    Warn = 2,
    /// The ordinary course: connected, rotated, stopped.
    Info = 3,
    /// Single deliveries and answers, without their contents.
    Debug = 4,
    /// Everything else.
    Trace = 5,
}

impl Level {
    /// The names, in the order of the numbers.
    pub const NAMES: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

    /// The level of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        use Level::{Debug, Error, Info, Off, Trace, Warn};
        [Off, Error, Warn, Info, Debug, Trace].into_iter().find(|level| level.name() == name)
    }

    /// Its lower-case name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// One log record. It holds no secret and no text of a message.
#[derive(Debug, Clone)]
pub struct Record {
    /// How severe.
    pub level: Level,
    /// Which part of the library: `stream`, `delivery`, `call` …
    pub target: &'static str,
    /// What happened.
    pub message: String,
}

/// Tells the application's logger on behalf of a client or a webhook.
pub(crate) struct Teller {
    /// Deliveries wait there too and hold this, so it must not hold them.
    pub(crate) queue: WeakQueue,
    pub(crate) source: u64,
    pub(crate) level: Level,
    /// The client id of the application; empty for a webhook.
    pub(crate) app: String,
    pub(crate) born: Born,
}

impl Teller {
    /// Nothing is formatted that the application did not ask for.
    pub(crate) fn log(&self, level: Level, target: &'static str, message: fmt::Arguments<'_>) {
        if level <= self.level
            && !self.born.is_forked()
            && let Some(queue) = self.queue.upgrade()
        {
            let record = Record { level, target, message: message.to_string() };
            queue.push(Item::Log { source: self.source, record });
        }
    }
}
