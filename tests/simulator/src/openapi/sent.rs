//! The messages that robots have sent, by `processQueryKey`: what can be asked about them, and recalled.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::platform::Platform;
use crate::token::Caller;

/// Afterwards nothing is known of a message any more.
const KNOWN_FOR_MS: u64 = 24 * 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Users,
    Group,
    PrivateChat,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    way: Way,
    client_id: String,
    pub(super) robot: String,
    pub(super) conversation: Option<String>,
    pub(super) users: Vec<String>,
    at: u64,
    pub(super) recalled: bool,
    /// In the order in which they read it.
    pub(super) readers: Vec<String>,
}

impl Message {
    pub(crate) fn new(way: Way, caller: &Caller, robot: &str, conversation: Option<&str>) -> Self {
        Self {
            way,
            client_id: caller.client_id.clone(),
            robot: robot.to_owned(),
            conversation: conversation.map(str::to_owned),
            users: Vec::new(),
            at: 0,
            recalled: false,
            readers: Vec::new(),
        }
    }

    pub(crate) fn to(self, users: &[&str]) -> Self {
        Self { users: users.iter().map(|user| (*user).to_owned()).collect(), ..self }
    }
}

/// Why a key leads to no message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lost {
    Unknown,
    Expired,
}

#[derive(Debug, Default)]
pub(crate) struct Sent(Mutex<HashMap<String, Message>>);

impl Sent {
    pub(crate) fn add(&self, platform: &Platform, message: Message) -> String {
        let key = platform.dice.opaque();
        self.lock().insert(key.clone(), Message { at: platform.clock.now(), ..message });
        key
    }

    pub(super) fn find(&self, platform: &Platform, caller: &Caller, way: Way, key: &str) -> Result<Message, Lost> {
        let sent = self.lock();
        let message = sent.get(key).filter(|sent| sent.way == way && sent.client_id == caller.client_id);
        let message = message.ok_or(Lost::Unknown)?;
        if platform.clock.now() <= message.at + KNOWN_FOR_MS { Ok(message.clone()) } else { Err(Lost::Expired) }
    }

    pub(super) fn recall(&self, key: &str) {
        if let Some(message) = self.lock().get_mut(key) {
            message.recalled = true;
        }
    }

    /// False when there is no such message.
    pub(crate) fn read(&self, key: &str, readers: Vec<String>) -> bool {
        self.lock().get_mut(key).map(|message| message.readers.extend(readers)).is_some()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Message>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
