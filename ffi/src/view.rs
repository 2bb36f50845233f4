//! `dingstream_view`: what a queue hands out, as the one public struct.

use std::ffi::c_char;
use std::ptr::{null, null_mut};

use dingstream::call::Outcome;
use dingstream::log::Record;
use dingstream::runtime::Born;
use dingstream::{Delivery, Item};
use serde_json::json;

use crate::call::parts;
use crate::delivery::dingstream_delivery;
use crate::enums::dingstream_kind;
use crate::error::dingstream_error;
use crate::handle::give;
use crate::json::dingstream_json;

/// What a queue hands out. Its handles belong to whoever took it, who frees them; its texts are NUL-ended and lent from the
/// delivery or the json of the same view.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct dingstream_view {
    /// One of `dingstream_kind`; `DINGSTREAM_KIND_NONE` where nothing came within the time, and all else is zero.
    pub kind: u32,
    /// Zero.
    pub reserved0: u32,
    /// The tag that the client was made with; of a call, 0.
    pub source: u64,
    /// The tag that the call was sent to the queue with.
    pub tag: u64,
    /// The delivery (kinds 1 to 6), to be settled and freed with `dingstream_delivery_free`.
    pub delivery: *mut dingstream_delivery,
    /// The result of a call, or a log record `{"level","target","message"}`, to be freed with `dingstream_json_free`.
    pub json: *mut dingstream_json,
    /// Why a call failed, to be freed with `dingstream_error_free`.
    pub error: *mut dingstream_error,
    /// The topic of a delivery; the state's name; the level of a log record.
    pub topic: *const c_char,
    /// The length of `topic` in bytes.
    pub topic_len: usize,
    /// The id of a delivery; the target of a log record: the part of the library that it comes from.
    pub id: *const c_char,
    /// The length of `id` in bytes.
    pub id_len: usize,
    /// The payload of a delivery, the JSON text of a call's result, or the message of a log record.
    pub data: *const c_char,
    /// The length of `data` in bytes.
    pub data_len: usize,
    /// Zero.
    pub reserved: [u64; 4],
}

impl dingstream_view {
    pub(crate) const fn empty(kind: dingstream_kind) -> Self {
        Self {
            kind: kind as u32,
            reserved0: 0,
            source: 0,
            tag: 0,
            delivery: null_mut(),
            json: null_mut(),
            error: null_mut(),
            topic: null(),
            topic_len: 0,
            id: null(),
            id_len: 0,
            data: null(),
            data_len: 0,
            reserved: [0; 4],
        }
    }

    pub(crate) fn of(item: Item, born: Born) -> Self {
        match item {
            Item::Delivery(delivery) => Self::delivery(delivery, born),
            Item::Done { tag, outcome } => Self::call(tag, outcome),
            Item::Log { source, record } => Self::log(source, &record),
        }
    }

    fn delivery(delivery: Delivery, born: Born) -> Self {
        let handle = dingstream_delivery::new(delivery, born);
        let delivery = &handle.delivery;
        let mut view = Self { kind: delivery.kind() as u32, source: delivery.source(), ..NONE };
        (view.topic, view.topic_len) = lent(delivery.topic_with_nul());
        (view.id, view.id_len) = lent(delivery.id_with_nul());
        (view.data, view.data_len) = lent(delivery.data().as_str_with_nul());
        view.delivery = give(handle);
        view
    }

    fn call(tag: u64, outcome: Outcome) -> Self {
        let mut view = Self { tag, ..Self::empty(dingstream_kind::Call) };
        if let Ok(json) = &outcome {
            (view.data, view.data_len) = lent(json.as_str_with_nul());
        }
        (view.json, view.error) = parts(outcome);
        view
    }

    fn log(source: u64, record: &Record) -> Self {
        let level = record.level.name();
        let handle = dingstream_json::tree(json!({
            "level": level,
            "target": record.target,
            "message": record.message,
        }));
        let mut view = Self { source, ..Self::empty(dingstream_kind::Log) };
        (view.topic, view.topic_len) = handle.kept.keep(level);
        (view.id, view.id_len) = handle.kept.keep(record.target);
        (view.data, view.data_len) = handle.kept.keep(&record.message);
        view.json = give(handle);
        view
    }
}

pub(crate) const NONE: dingstream_view = dingstream_view::empty(dingstream_kind::None);

fn lent(with_nul: &str) -> (*const c_char, usize) {
    (with_nul.as_ptr().cast(), with_nul.len() - 1)
}
