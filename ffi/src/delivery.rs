//! `dingstream_delivery`: one thing handed to the application, settled once.

use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

use dingstream::inbound::Part;
use dingstream::runtime::Born;
use dingstream::{Delivery, Via};

use crate::bytes::{tell_length, text};
use crate::call::dingstream_call;
use crate::client_calls::number;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly, read};
use crate::handle::{OfProcess, Out, borrow, free, take};
use crate::json::{dingstream_json, value_or_null};
use crate::message::dingstream_message;

/// One thing that DingTalk handed over. From any thread, concurrently.
///
/// It owes one settling: ok, later, fail or unhandled; a second one is the error `answered`. Where the library had
/// to answer first, because the platform or the option `handler_deadline_ms` waits no longer, settling it is the error
/// `expired`; an event, or a card without a response, may be settled late. Freed unsettled, it is declined.
/// Its text stays readable and it can be replied to until it is freed, also after its client and its queue are gone.
pub struct dingstream_delivery {
    pub(crate) delivery: Arc<Delivery>,
    data: OnceLock<dingstream_json>,
    headers: OnceLock<dingstream_json>,
    born: Born,
}

impl OfProcess for dingstream_delivery {
    fn born(&self) -> Born {
        self.born
    }
}

impl dingstream_delivery {
    pub(crate) fn new(delivery: Delivery, born: Born) -> Self {
        Self { delivery: Arc::new(delivery), data: OnceLock::new(), headers: OnceLock::new(), born }
    }
}

/// # Safety
/// As for `dingstream_delivery_kind`.
unsafe fn of<T>(
    delivery: *const dingstream_delivery,
    otherwise: T,
    get: impl FnOnce(&'static dingstream_delivery) -> T,
) -> T {
    // SAFETY: as for the caller; what `get` returns is lent no longer than the delivery lives.
    read(otherwise, || unsafe { borrow::<'static>(delivery, "delivery") }.ok().map(get))
}

/// # Safety
/// As for `dingstream_delivery_topic`.
unsafe fn lent(
    delivery: *const dingstream_delivery,
    length: *mut usize,
    get: impl FnOnce(&'static Delivery) -> &'static str,
) -> *const c_char {
    // SAFETY: as for the caller.
    let found = unsafe { of(delivery, None, |delivery| Some(get(&delivery.delivery))) };
    let (place, found_len) = found.map_or((std::ptr::null(), 0), |text| (text.as_ptr().cast(), text.len() - 1));
    // SAFETY: as for the caller.
    unsafe { tell_length(length, found_len) };
    place
}

/// The kind, one of `dingstream_kind`; 0 for NULL.
///
/// # Safety
/// `delivery` is NULL or a delivery that is not freed meanwhile; so for every function of a delivery.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_kind(delivery: *const dingstream_delivery) -> u32 {
    // SAFETY: the caller vouches for the delivery.
    unsafe { of(delivery, 0, |delivery| delivery.delivery.kind() as u32) }
}

/// The tag that its client was made with; 0 for NULL.
///
/// # Safety
/// As for `dingstream_delivery_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_source(delivery: *const dingstream_delivery) -> u64 {
    // SAFETY: the caller vouches for the delivery.
    unsafe { of(delivery, 0, |delivery| delivery.delivery.source()) }
}

/// The topic that DingTalk sent it under; of a state, the state's name. NUL-ended and lent until the delivery is freed;
/// NULL for NULL. `out_len` may be NULL, else it gets the length in bytes.
///
/// # Safety
/// As for `dingstream_delivery_kind`; `out_len` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_topic(
    delivery: *const dingstream_delivery,
    out_len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the pointers.
    unsafe { lent(delivery, out_len, Delivery::topic_with_nul) }
}

/// The id of this push (`headers.messageId`); DingTalk may push the same thing again under another one. Lent and told as
/// the topic.
///
/// # Safety
/// As for `dingstream_delivery_topic`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_id(
    delivery: *const dingstream_delivery,
    out_len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the pointers.
    unsafe { lent(delivery, out_len, Delivery::id_with_nul) }
}

/// The payload: the raw JSON text that DingTalk sent. Lent and told as the topic.
///
/// # Safety
/// As for `dingstream_delivery_topic`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_data(
    delivery: *const dingstream_delivery,
    out_len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller vouches for the pointers.
    unsafe { lent(delivery, out_len, |delivery| delivery.data().as_str_with_nul()) }
}

/// The payload, to be read by pointer. Lent until the delivery is freed; NULL for NULL.
///
/// # Safety
/// As for `dingstream_delivery_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_json(delivery: *const dingstream_delivery) -> *const dingstream_json {
    // SAFETY: the caller vouches for the delivery.
    unsafe {
        of(delivery, std::ptr::null(), |delivery| {
            delivery.data.get_or_init(|| dingstream_json::part(&delivery.delivery, Part::Data))
        })
    }
}

/// The headers of the frame, to be read by pointer: `/eventType`, `/eventId`. Lent until the delivery is freed; NULL for
/// NULL.
///
/// # Safety
/// As for `dingstream_delivery_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_headers(delivery: *const dingstream_delivery) -> *const dingstream_json {
    // SAFETY: the caller vouches for the delivery.
    unsafe {
        of(delivery, std::ptr::null(), |delivery| {
            delivery.headers.get_or_init(|| dingstream_json::part(&delivery.delivery, Part::Headers))
        })
    }
}

/// Whether it was settled; true for a state, which owes nothing, and for NULL.
///
/// # Safety
/// As for `dingstream_delivery_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_is_settled(delivery: *const dingstream_delivery) -> bool {
    // SAFETY: the caller vouches for the delivery.
    unsafe { of(delivery, true, |delivery| delivery.delivery.is_settled()) }
}

/// Settles it: done. `json` is what a card, graph or other delivery answers with; NULL is an empty answer. Messages and
/// events carry none. The document stays the caller's.
///
/// # Safety
/// As for `dingstream_delivery_kind`; `json` is NULL or a document that is not freed meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_ok(
    delivery: *mut dingstream_delivery,
    json: *const dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for both.
    guard(|| unsafe { borrow(delivery, "delivery")?.delivery.ok(value_or_null(json)?) })
}

/// Settles it: not now. An event comes again; for other kinds it is the same as `dingstream_delivery_fail`. The reason goes
/// to DingTalk, so it must hold no secret.
///
/// # Safety
/// As for `dingstream_delivery_kind`; `reason` is readable for `reason_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_later(
    delivery: *mut dingstream_delivery,
    reason: *const c_char,
    reason_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { borrow(delivery, "delivery")?.delivery.later(text(reason, reason_len, "reason")?) })
}

/// Settles it: it did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret.
///
/// # Safety
/// As for `dingstream_delivery_later`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_fail(
    delivery: *mut dingstream_delivery,
    reason: *const c_char,
    reason_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { borrow(delivery, "delivery")?.delivery.fail(text(reason, reason_len, "reason")?) })
}

/// Settles it: nobody handles it. An event is consumed, everything else answered as a topic that does not exist.
///
/// # Safety
/// As for `dingstream_delivery_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_unhandled(delivery: *mut dingstream_delivery) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the delivery.
    guard(|| unsafe { borrow(delivery, "delivery") }?.delivery.unhandled())
}

/// Sends a message back to where a bot message came from; settled or not. It takes the message, also where it fails. The
/// result of the call is `{"via":"session"}` while the session webhook lives and can carry the message, else
/// `{"via":"openapi","processQueryKeys":["…"]}`; `"lost":["mentions"]` where the way shows none. Free the call with `dingstream_call_free`, unless it was given away.
///
/// # Safety
/// As for `dingstream_delivery_kind`; `message` is NULL or a message that the caller owns, and is used no more; `out` is NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_reply(
    delivery: *mut dingstream_delivery,
    message: *mut dingstream_message,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    guard(|| {
        // SAFETY: the caller gives the message up.
        let message = unsafe { take(message, "message") };
        // SAFETY: the caller vouches for both pointers.
        let (delivery, out) = unsafe { (borrow(delivery, "delivery")?, Out::new(out)?) };
        delivery.born.check("delivery")?;
        out.give(dingstream_call::new(delivery.delivery.reply(message?.0)));
        Ok(())
    })
}

/// The same by a way of your choice, one of `dingstream_via`.
///
/// # Safety
/// As for `dingstream_delivery_reply`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_reply_via(
    delivery: *mut dingstream_delivery,
    via: u32,
    message: *mut dingstream_message,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    guard(|| {
        // SAFETY: the caller gives the message up.
        let message = unsafe { take(message, "message") };
        // SAFETY: the caller vouches for both pointers.
        let (delivery, out) = unsafe { (borrow(delivery, "delivery")?, Out::new(out)?) };
        delivery.born.check("delivery")?;
        let via = Via::from_number(via).ok_or_else(|| number("a way", via))?;
        out.give(dingstream_call::new(delivery.delivery.reply_via(via, message?.0)));
        Ok(())
    })
}

/// Frees a delivery; one that was not settled is declined. NULL is fine.
///
/// # Safety
/// `delivery` is NULL or a delivery that the caller owns; it is used no more, nor is what it lent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_free(delivery: *mut dingstream_delivery) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(delivery) });
}
