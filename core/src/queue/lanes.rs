//! What is behind a queue's lock.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::{Item, Taken, Wake};
use crate::kind::Kind;
use crate::log::{Level, Record};
use crate::unix::WakeHandle;

/// How many log records wait at most; beyond it the oldest goes and the next one says so.
pub(super) const MAX_LOGS: usize = 1024;
/// How many states of one client wait at most; beyond it the oldest goes, because the latest is what counts.
pub(super) const MAX_STATES: usize = 32;

#[derive(Default)]
pub(super) struct Lanes {
    pub(super) items: VecDeque<Item>,
    pub(super) logs: usize,
    pub(super) lost_logs: u64,
    pub(super) waiting: usize,
    /// How many of those were already told: telling one again would cost a system call a push.
    pub(super) woken: usize,
    pub(super) closed: bool,
    /// Whether the next push owes a wake. A take that came back short arms it again.
    pub(super) armed: bool,
    pub(super) wake: Option<Wake>,
    pub(super) handle: Option<WakeHandle>,
}

impl Lanes {
    /// Takes an item in, and gives back the one that had to go for it.
    pub(super) fn push(&mut self, item: Item) -> Option<Item> {
        let mut evicted = None;
        if let Item::Log { source, .. } = &item {
            if self.logs == MAX_LOGS {
                let oldest = self.items.iter().position(|item| matches!(item, Item::Log { .. }));
                evicted = oldest.and_then(|index| self.items.remove(index));
                self.lost_logs += 1;
            } else {
                if self.lost_logs > 0 {
                    let message = format!("{} log records were dropped because nobody took them", self.lost_logs);
                    let record = Record { level: Level::Warn, target: "queue", message };
                    self.items.push_back(Item::Log { source: *source, record });
                    self.logs += 1;
                    self.lost_logs = 0;
                }
                self.logs += 1;
            }
        } else if let Some(client) = state_of(&item) {
            let mut waiting = (0..self.items.len()).filter(|index| state_of(&self.items[*index]) == Some(client));
            let oldest = waiting.next().filter(|_| waiting.count() + 1 == MAX_STATES);
            evicted = oldest.and_then(|index| self.items.remove(index));
        }
        self.items.push_back(item);
        evicted
    }

    pub(super) fn raise(&mut self) -> Option<Wake> {
        if let Some(handle) = &mut self.handle {
            handle.raise();
        }
        if std::mem::replace(&mut self.armed, false) { self.wake.clone() } else { None }
    }

    pub(super) fn drain(&mut self, max: usize, out: &mut Vec<Item>) -> Taken {
        let count = max.min(self.items.len());
        self.logs -= self.items.iter().take(count).filter(|item| matches!(item, Item::Log { .. })).count();
        let now = Instant::now();
        out.extend(self.items.drain(..count).inspect(|item| {
            if let Item::Delivery(delivery) = item {
                delivery.take(now);
            }
        }));
        if count < max {
            self.armed = true;
        }
        if self.items.is_empty()
            && !self.closed
            && let Some(handle) = &mut self.handle
        {
            handle.lower();
        }
        match count {
            0 if self.closed && self.items.is_empty() => Taken::Closed,
            0 => Taken::Nothing,
            _ => Taken::Some,
        }
    }
}

/// The client whose state an item tells.
fn state_of(item: &Item) -> Option<u64> {
    match item {
        Item::Delivery(delivery) if delivery.kind() == Kind::State => Some(delivery.client()),
        _ => None,
    }
}
