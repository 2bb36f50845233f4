//! What was pushed, and what the platform got for it.

use std::collections::{HashMap, HashSet};

use dingstream_faultproxy::{End, Socket};
use serde_json::Value;

#[derive(Debug, Default)]
pub(crate) struct Books {
    /// The ids of the events, with the ok answer of each.
    pub(crate) events: HashMap<String, Option<String>>,
    /// The ids of the messages, with those of the frames that the platform sent for each.
    pub(crate) messages: HashMap<String, Vec<String>>,
    /// Events whose ok answers differ.
    pub(crate) ambiguous: HashSet<String>,
    /// Events that the platform gave up.
    pub(crate) given_up: HashSet<String>,
    /// Ok answers that came, to redeliveries too.
    pub(crate) ok_answers: usize,
}

impl Books {
    pub(crate) fn enter_event(&mut self, id: String) {
        self.events.insert(id, None);
    }

    /// `pushed` is what the simulator says of one push or several.
    pub(crate) fn enter_message(&mut self, id: String, pushed: &Value) {
        let pushes = pushed["pushed"].as_array().map_or(std::slice::from_ref(pushed), Vec::as_slice);
        let sent = pushes.iter().filter(|push| push["delivered"] == true);
        let frames = sent.filter_map(|push| push["messageId"].as_str()).map(str::to_owned);
        self.messages.insert(id, frames.collect());
    }

    /// A record of the simulator: an answer, or that an event is given up.
    pub(crate) fn read(&mut self, record: &Value) {
        let Some(id) = record["eventId"].as_str() else { return };
        if record["kind"] == "givenUp" {
            self.given_up.insert(id.to_owned());
            return;
        }
        let Some(known) = self.events.get_mut(id) else { return };
        let data = record["data"].as_str().unwrap_or_default();
        if record["code"] != 200 || data.contains("LATER") {
            return;
        }
        self.ok_answers += 1;
        let answer = format!("{} {} {}", record["code"], record["message"], data);
        if known.get_or_insert_with(|| answer.clone()) != &answer {
            self.ambiguous.insert(id.to_owned());
        }
    }
}

/// What the proxy knows of the frames that it was given.
#[derive(Debug, Default)]
pub(crate) struct Passages {
    /// Whole and intact, on a connection that was not reset: these have arrived.
    pub(crate) arrived: HashSet<String>,
    /// Corrupted frames that have arrived.
    pub(crate) corrupted: usize,
    /// Corrupted frames that may have.
    pub(crate) maybe_corrupted: usize,
}

impl Passages {
    pub(crate) fn of(ledger: Vec<Socket>) -> Self {
        let mut passages = Self::default();
        for socket in ledger {
            let is_certain = socket.end != End::Reset;
            for frame in socket.frames.into_iter().filter(|frame| frame.whole) {
                if !frame.intact {
                    passages.maybe_corrupted += 1;
                    passages.corrupted += usize::from(is_certain);
                } else if is_certain {
                    passages.arrived.extend(frame.message_id);
                }
            }
        }
        passages
    }
}
