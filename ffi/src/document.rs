//! What a `dingstream_json` holds: part of a delivery, or a document of its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dingstream::inbound::Part;
use dingstream::{Delivery, Error, ErrorKind, Json, Result};
use serde_json::Value;

pub(crate) enum Document {
    /// Lent with its delivery.
    Part(Arc<Delivery>, Part),
    Own(Mutex<Form>),
}

/// Documents are mostly built first and read afterwards: each form turns into the other when it is asked for.
pub(crate) enum Form {
    Text(Arc<Json>),
    Tree(Value),
}

impl Document {
    pub(crate) fn own(form: Form) -> Self {
        Self::Own(Mutex::new(form))
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Json) -> T) -> T {
        match self {
            Self::Part(delivery, Part::Data) => read(delivery.data()),
            Self::Part(delivery, Part::Headers) => read(delivery.headers()),
            Self::Own(form) => {
                let json = locked(form).as_text();
                read(&json)
            }
        }
    }

    pub(crate) fn value(&self) -> Result<Value> {
        let value = match self {
            Self::Part(..) => self.read(|json| json.value("")),
            Self::Own(form) => match &*locked(form) {
                Form::Text(json) => json.value(""),
                Form::Tree(value) => Some(value.clone()),
            },
        };
        value.ok_or_else(|| Error::new(ErrorKind::Argument, "the document is not JSON"))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Value) -> Result<()>) -> Result<()> {
        match self {
            Self::Part(..) => Err(Error::new(ErrorKind::Argument, "a document that a delivery lends can't be changed")
                .hint("build an answer with dingstream_json_new")),
            Self::Own(form) => {
                let mut form = locked(form);
                let mut tree = form.take_tree();
                let changed = change(&mut tree);
                *form = Form::Tree(tree);
                changed
            }
        }
    }
}

fn locked(form: &Mutex<Form>) -> MutexGuard<'_, Form> {
    form.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Form {
    fn as_text(&mut self) -> Arc<Json> {
        match self {
            Self::Text(json) => Arc::clone(json),
            Self::Tree(value) => {
                let json = Arc::new(Json::from(value.take()));
                *self = Self::Text(Arc::clone(&json));
                json
            }
        }
    }

    fn take_tree(&mut self) -> Value {
        match self {
            Self::Text(json) => json.value("").unwrap_or_default(),
            Self::Tree(value) => value.take(),
        }
    }
}
