//! Log records: told to the queue, where the application's own logger picks them up.

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
