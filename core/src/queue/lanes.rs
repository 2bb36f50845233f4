//! What is behind a queue's lock.

use std::collections::VecDeque;

use super::{Item, Taken, Wake};
use crate::log::{Level, Record};
use crate::unix::WakeHandle;

/// How many log records wait at most; beyond it the oldest goes and the next one says so.
pub(super) const MAX_LOGS: usize = 1024;

#[derive(Default)]
pub(super) struct Lanes {
    pub(super) items: VecDeque<Item>,
    pub(super) logs: usize,
    pub(super) lost_logs: u64,
    pub(super) waiting: usize,
    pub(super) closed: bool,
    pub(super) retired: u64,
    /// Whether the next push owes a wake. A take that came back short arms it again.
    pub(super) armed: bool,
    pub(super) wake: Option<Wake>,
    pub(super) handle: Option<WakeHandle>,
}

impl Lanes {
    pub(super) fn push(&mut self, item: Item) {
        if let Item::Log { source, .. } = &item {
            if self.logs == MAX_LOGS {
                let oldest = self.items.iter().position(|item| matches!(item, Item::Log { .. }));
                oldest.map(|index| self.items.remove(index));
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
        }
        self.items.push_back(item);
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
        out.extend(self.items.drain(..count));
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
            0 if self.closed => Taken::Closed,
            0 => Taken::Nothing,
            _ => Taken::Some,
        }
    }
}
