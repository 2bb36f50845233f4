//! `dingstream_call`: an operation under way.

use std::ffi::c_void;

use dingstream::call::Outcome;
use dingstream::runtime::Born;
use dingstream::{Call, Result};

use crate::error::dingstream_error;
use crate::foreign::{DropFn, Foreign, needed};
use crate::guard::{guard, quietly};
use crate::handle::{OfProcess, Out, borrow, free, give, take};
use crate::json::dingstream_json;
use crate::queue::{dingstream_queue, time_of};

/// An operation under way towards DingTalk, started when it was made. From any thread, concurrently.
pub struct dingstream_call {
    call: Call,
    born: Born,
}

impl OfProcess for dingstream_call {
    fn born(&self) -> Born {
        self.born
    }
}

impl dingstream_call {
    pub(crate) fn new(call: Call) -> Self {
        Self { call, born: Born::now() }
    }

    pub(crate) fn core(&self) -> &Call {
        &self.call
    }
}

/// Takes a call out of its handle; in a child the call is left alone and refused.
///
/// # Safety
/// As for `dingstream_call_free`.
unsafe fn taken(call: *mut dingstream_call) -> Result<Call> {
    // SAFETY: as for the caller.
    let call = unsafe { take(call, "call") }?;
    if let Err(error) = call.born.check("call") {
        std::mem::forget(call);
        return Err(error);
    }
    Ok(call.call)
}

/// Waits until the call is over, at most `timeout_ms` (below zero: for ever). Its result is a document that the caller
/// frees; where the time ran out, the result is NULL and there is no error. The error of the operation is returned as the
/// error of this function, each time it is asked. A function that `dingstream_client_on_delivery` called may wait for
/// anything but the stop of its own client: that is the error `reentrant`.
///
/// # Safety
/// `call` is NULL or a call that is not freed meanwhile; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_wait(
    call: *mut dingstream_call,
    timeout_ms: i64,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the call and the pointer.
    guard(|| unsafe {
        let out = Out::new(out)?;
        match borrow(call, "call")?.call.wait(time_of(timeout_ms))? {
            Some(outcome) => out.give(dingstream_json::text(outcome?)),
            None => out.give_nothing(),
        }
        Ok(())
    })
}

/// Sends the outcome to a queue, as a view of kind `DINGSTREAM_KIND_CALL` with this tag. It takes the call, also where it
/// fails. The queue of a client whose deliveries go to a function takes none: the error `config`.
///
/// # Safety
/// `call` is NULL or a call that the caller owns, and is used no more; `queue` is NULL or a queue that is not freed meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_to_queue(
    call: *mut dingstream_call,
    queue: *mut dingstream_queue,
    tag: u64,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for both and gives the call up.
    guard(|| unsafe {
        let call = taken(call)?;
        call.to_queue(borrow(queue, "queue")?.pulled()?, tag);
        Ok(())
    })
}

/// Calls `function` once with the outcome: a result or an error, which the function frees. It runs on a thread of the
/// library that does not carry the network, and may call anything; other finished calls wait until it returns. It takes the
/// call, also where it fails. `drop` may be NULL; else it is called exactly once, after `function`, or where `function` is
/// never called: because of an error, or because `function` is NULL, which is the error `argument`.
///
/// # Safety
/// `call` is NULL or a call that the caller owns, and is used no more; `function` and `drop` take `user_data` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_on_done(
    call: *mut dingstream_call,
    function: Option<
        unsafe extern "C" fn(user_data: *mut c_void, json: *mut dingstream_json, error: *mut dingstream_error),
    >,
    user_data: *mut c_void,
    drop: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
) -> *mut dingstream_error {
    let foreign = Foreign::new(user_data, drop as DropFn);
    guard(|| {
        // SAFETY: the caller gives the call up.
        let call = unsafe { taken(call) }?;
        let function = needed(function)?;
        call.on_done(move |outcome| {
            let (json, error) = parts(outcome);
            // SAFETY: the caller vouches for the function with its `user_data`, on any thread.
            unsafe { function(foreign.user_data(), json, error) }
        });
        Ok(())
    })
}

/// Ends the call as `cancelled`, unless it is over. What was already sent to DingTalk stays sent. NULL is fine.
///
/// # Safety
/// `call` is NULL or a call that is not freed meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_cancel(call: *mut dingstream_call) {
    quietly(|| {
        // SAFETY: the caller vouches for the call.
        if let Ok(call) = unsafe { borrow(call, "call") } {
            call.call.cancel();
        }
    });
}

/// Forgets the result, not the operation, which goes on; an error that nobody looked at is logged. NULL is fine.
///
/// # Safety
/// `call` is NULL or a call that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_call_free(call: *mut dingstream_call) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(call) });
}

/// The outcome as what C is given: one of the two is NULL.
pub(crate) fn parts(outcome: Outcome) -> (*mut dingstream_json, *mut dingstream_error) {
    match outcome {
        Ok(json) => (give(dingstream_json::text(json)), std::ptr::null_mut()),
        Err(error) => (std::ptr::null_mut(), give(dingstream_error::new(&error))),
    }
}
