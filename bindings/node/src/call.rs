//! A call under way, kept so that it can be cancelled. Its outcome comes through the queue.

use dingstream::{Call as CoreCall, Queue};
use napi_derive::napi;

/// An operation towards DingTalk.
#[napi]
pub struct Call(CoreCall);

impl Call {
    /// Sends the outcome to `queue` under `tag`.
    pub(crate) fn sent_to(call: CoreCall, queue: &Queue, tag: u32) -> Self {
        call.clone().to_queue(queue, tag.into());
        Self(call)
    }
}

#[napi]
impl Call {
    /// Ends it as cancelled, unless it is over.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
