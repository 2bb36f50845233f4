//! What happened, in order, and the wait for what has not happened yet.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

#[derive(Debug)]
pub(crate) struct Records {
    log: Mutex<Log>,
    next: watch::Sender<u64>,
}

#[derive(Debug)]
struct Log {
    records: VecDeque<Map<String, Value>>,
    next: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) kinds: Vec<String>,
    pub(crate) since: u64,
    pub(crate) count: usize,
    pub(crate) wait: Duration,
    /// Fields of the record that must have these values.
    pub(crate) fields: Vec<(String, String)>,
}

impl Query {
    fn matches(&self, record: &Map<String, Value>) -> bool {
        let text = |field: &str| match record.get(field) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(other) => Some(other.to_string()),
            None => None,
        };
        (self.kinds.is_empty() || self.kinds.iter().any(|kind| text("kind").as_ref() == Some(kind)))
            && self.fields.iter().all(|(field, value)| text(field).as_ref() == Some(value))
    }
}

impl Records {
    pub(crate) fn new() -> Self {
        Self { log: Mutex::new(Log { records: VecDeque::new(), next: 1 }), next: watch::Sender::new(1) }
    }

    /// `fields` is an object; its null fields are left out. Older records make room when there are more than `kept`.
    pub(crate) fn add(&self, kind: &str, at: u64, fields: Value, kept: usize) {
        let mut log = self.lock();
        let mut record = Map::new();
        record.insert("seq".to_owned(), json!(log.next));
        record.insert("kind".to_owned(), json!(kind));
        record.insert("at".to_owned(), json!(at));
        if let Value::Object(fields) = fields {
            record.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        log.records.push_back(record);
        let surplus = log.records.len().saturating_sub(kept);
        log.records.drain(..surplus);
        log.next += 1;
        self.next.send_replace(log.next);
    }

    /// Forgets the records; numbering goes on, so that a reader's `since` stays true.
    pub(crate) fn clear(&self) {
        self.lock().records.clear();
    }

    /// The matching records once there are `count` of them, or those there are when the wait is over.
    pub(crate) async fn wait(&self, query: &Query) -> Value {
        let deadline = Instant::now() + query.wait;
        let mut grown = self.next.subscribe();
        loop {
            let (records, next) = self.find(query);
            if records.len() >= query.count {
                return json!({"records": records, "next": next});
            }
            match timeout_at(deadline, grown.changed()).await {
                Ok(Ok(())) => {}
                _ => return json!({"records": records, "next": next}),
            }
        }
    }

    fn find(&self, query: &Query) -> (Vec<Value>, u64) {
        let log = self.lock();
        let first = log.next - log.records.len() as u64;
        let skip = usize::try_from(query.since.saturating_sub(first)).unwrap_or(usize::MAX);
        let found = log.records.iter().skip(skip).filter(|record| query.matches(record));
        (found.cloned().map(Value::Object).collect(), log.next)
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
