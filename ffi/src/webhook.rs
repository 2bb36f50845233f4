//! `dingstream_webhook`: the sender for a group's custom robot.

use std::ffi::c_char;
use std::time::Duration;

use dingstream::runtime::Born;
use dingstream::{Queue, Webhook, WebhookConfig};

use crate::bytes::text;
use crate::call::dingstream_call;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{OfProcess, Out, borrow, free, take};
use crate::message::dingstream_message;
use crate::queue::dingstream_queue;

/// The sender for a group's custom robot (自定义机器人); it needs no client. From any thread, concurrently. The limit of
/// twenty messages a minute belongs to the robot: all senders of the process for one address share it.
pub struct dingstream_webhook {
    webhook: Webhook,
    /// Its log waits there; kept, so that it has somewhere to wait.
    _queue: Queue,
    born: Born,
}

impl OfProcess for dingstream_webhook {
    fn born(&self) -> Born {
        self.born
    }
}

/// Makes a sender from one JSON object: `{"url":"https://oapi.dingtalk.com/robot/send?access_token=…","secret":"SEC…"}`; the
/// other options stand in `docs/options.md`. Its log goes to `queue` under `source`, or nowhere where that is NULL. Free it with
/// `dingstream_webhook_free`.
///
/// # Safety
/// `json` is readable for `json_len` bytes; `queue` is NULL or a queue that is not freed meanwhile; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_webhook_new(
    json: *const c_char,
    json_len: usize,
    queue: *mut dingstream_queue,
    source: u64,
    out: *mut *mut dingstream_webhook,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let config = WebhookConfig::from_json(text(json, json_len, "json")?)?;
        let queue = if queue.is_null() { Queue::new() } else { borrow(queue, "queue")?.pulled()?.clone() };
        let webhook = Webhook::with_queue(config, &queue, source)?;
        out.give(dingstream_webhook { webhook, _queue: queue, born: Born::now() });
        Ok(())
    })
}

/// Sends a message. It takes the message, also where it fails. The result of the call is `{"sent":1}`, how many messages it
/// took, or `{"digest":N}` where it went out together with others.
///
/// # Safety
/// `webhook` is NULL or a webhook that is not freed meanwhile; `message` is NULL or a message that the caller owns, and is
/// used no more; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_webhook_send(
    webhook: *mut dingstream_webhook,
    message: *mut dingstream_message,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the message up.
    guard(|| unsafe {
        let message = take(message, "message");
        let (webhook, out) = (borrow(webhook, "webhook")?, Out::new(out)?);
        webhook.born.check("webhook")?;
        out.give(dingstream_call::new(webhook.webhook.send(message?.0)));
        Ok(())
    })
}

/// Waits until everything is sent, or the deadline comes. The result of the call is `{"left":N}`, what still waits then.
///
/// # Safety
/// As for `dingstream_webhook_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_webhook_flush(
    webhook: *mut dingstream_webhook,
    deadline_ms: u64,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (webhook, out) = (borrow(webhook, "webhook")?, Out::new(out)?);
        webhook.born.check("webhook")?;
        out.give(dingstream_call::new(webhook.webhook.flush(Duration::from_millis(deadline_ms))));
        Ok(())
    })
}

/// Frees a sender; its calls go on. NULL is fine.
///
/// # Safety
/// `webhook` is NULL or a webhook that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_webhook_free(webhook: *mut dingstream_webhook) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(webhook) });
}
