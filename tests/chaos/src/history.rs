//! What the handlers did, delivery by delivery, under the ids that survive a redelivery.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a handler settled a delivery.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    Ok,
    Later,
    Fail,
}

/// The runs of the handler for each id.
#[derive(Debug, Default)]
pub(crate) struct History(Mutex<HashMap<String, Vec<Run>>>);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// None while it has not settled.
    pub(crate) outcome: Option<Outcome>,
    /// Whether another one for the same id had not settled when it began.
    pub(crate) overlaps: bool,
}

impl History {
    /// A handler begins: how many ran for the same thing before.
    pub(crate) fn begin(&self, id: &str) -> usize {
        let mut history = self.lock();
        let runs = history.entry(id.to_owned()).or_default();
        let overlaps = runs.iter().any(|run| run.outcome.is_none());
        runs.push(Run { outcome: None, overlaps });
        runs.len() - 1
    }

    /// It is about to settle.
    pub(crate) fn settle(&self, id: &str, run: usize, outcome: Outcome) {
        if let Some(run) = self.lock().get_mut(id).and_then(|runs| runs.get_mut(run)) {
            run.outcome = Some(outcome);
        }
    }

    /// What became of it, run by run.
    pub(crate) fn runs(&self, id: &str) -> Vec<Run> {
        self.lock().get(id).cloned().unwrap_or_default()
    }

    /// All ids, and all runs.
    pub(crate) fn all(&self) -> HashMap<String, Vec<Run>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Run>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
