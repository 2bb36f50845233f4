//! A call under way, kept so that it can be cancelled. Its outcome comes through the queue.

use dingstream::{Call as CoreCall, Queue, Result};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::error::told;

/// An operation towards DingTalk.
#[napi]
pub struct Call(CoreCall);

impl Call {
    /// Sends the outcome to `queue` under `tag`.
    pub(crate) fn sent_to(call: CoreCall, queue: &Queue, tag: u32) -> Self {
        call.clone().to_queue(queue, tag.into());
        Self(call)
    }

    /// The core's.
    pub(crate) fn core(&self) -> CoreCall {
        self.0.clone()
    }

    /// The same of what may have been refused: the error as JSON text.
    pub(crate) fn begun(call: Result<CoreCall>, queue: &Queue, tag: u32) -> Either<Self, String> {
        match call {
            Ok(call) => Either::A(Self::sent_to(call, queue, tag)),
            Err(error) => Either::B(told(&error)),
        }
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
