//! `dingstream_client`: one DingTalk application.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use dingstream::client::State;
use dingstream::runtime::Born;
use dingstream::{Client, Error, ErrorKind, Queue};

use crate::bytes::text;
use crate::call::dingstream_call;
use crate::config::{dingstream_config, kind_of};
use crate::delivery::dingstream_delivery;
use crate::error::dingstream_error;
use crate::foreign::{DropFn, Foreign, needed};
use crate::guard::{guard, quietly, read};
use crate::handle::{OfProcess, Out, borrow, free, give};
use crate::json::dingstream_json;
use crate::queue::dingstream_queue;

/// One DingTalk application: its connection, and its way to reply. From any thread, concurrently.
pub struct dingstream_client {
    client: Client,
    queue: dingstream_queue,
    /// Whether the caller gave the queue, which others may use too.
    shares_queue: bool,
    born: Born,
}

impl dingstream_client {
    pub(crate) fn core(&self) -> &Client {
        &self.client
    }
}

impl OfProcess for dingstream_client {
    fn born(&self) -> Born {
        self.born
    }
}

/// Makes a client; nothing is sent before `dingstream_client_start`. It copies the configuration, and delivers to `queue`, or
/// to one of its own where that is NULL. `source` comes back in everything that it delivers. Free it with
/// `dingstream_client_free`.
///
/// # Safety
/// `config` is NULL or a config that no other thread uses now; `queue` is NULL or a queue that is not freed meanwhile; `out`
/// is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_new(
    config: *const dingstream_config,
    queue: *mut dingstream_queue,
    source: u64,
    out: *mut *mut dingstream_client,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let config = borrow(config, "config")?.copied();
        let given = if queue.is_null() { None } else { Some(borrow(queue, "queue")?) };
        let shares_queue = given.is_some();
        let queue = match given {
            Some(given) => {
                given.born().check("queue")?;
                given.pulled()?.clone()
            }
            None => Queue::new(),
        };
        let client = Client::with_queue(config, &queue, source)?;
        out.give(dingstream_client { client, queue: dingstream_queue::new(queue), shares_queue, born: Born::now() });
        Ok(())
    })
}

/// Starts connecting. The call is done at the first open connection; a definitive refusal before that (wrong id or secret)
/// fails it and stops the client, a dead network keeps trying and says so in states. Started twice is started once; a
/// stopped client can be started again. Free the call with `dingstream_call_free`, unless it was given away.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; so for every function of a client. `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_start(
    client: *mut dingstream_client,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, out) = (borrow(client, "client")?, Out::new(out)?);
        client.born.check("client")?;
        out.give(dingstream_call::new(client.client.start()));
        Ok(())
    })
}

/// Stops: for `deadline_ms`, running handlers may settle and what still arrives is delivered; what is left then is refused.
/// The call is done when the connections are closed, and the last thing delivered is the state `stopped`. It may be called
/// anywhere and at any moment; of several deadlines the earliest counts.
///
/// # Safety
/// As for `dingstream_client_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_stop(
    client: *mut dingstream_client,
    deadline_ms: u64,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, out) = (borrow(client, "client")?, Out::new(out)?);
        client.born.check("client")?;
        out.give(dingstream_call::new(client.client.stop(Duration::from_millis(deadline_ms))));
        Ok(())
    })
}

/// What the client is doing, one of `dingstream_state`. In a forked child, a client of the parent is stopped; NULL is idle.
///
/// # Safety
/// As for `dingstream_client_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_state(client: *const dingstream_client) -> u32 {
    read(State::Idle as u32, || {
        // SAFETY: the caller vouches for the client.
        let client = unsafe { borrow(client, "client") }.ok()?;
        let state = if client.born.is_forked() { State::Stopped } else { client.client.state() };
        Some(state as u32)
    })
}

/// Subscribes one more kind of delivery, as `dingstream_config_subscribe` does; after the start it is the error `config`.
///
/// # Safety
/// As for `dingstream_client_start`; `topic` is readable for `topic_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_subscribe(
    client: *mut dingstream_client,
    kind: u32,
    topic: *const c_char,
    topic_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the client and the pointer.
    guard(|| unsafe {
        let (client, topic) = (borrow(client, "client")?, text(topic, topic_len, "topic")?);
        client.client.subscribe(kind_of(kind)?, topic)
    })
}

/// Calls `function` with each delivery, which the function owns, instead of letting it wait in the client's queue; nothing
/// can be taken there then. It runs on threads of the library that do not carry the network (the option `dispatchers`, one
/// unless set), and may call anything but wait for the stop of this client: that is the error `reentrant`. While it runs it
/// holds its thread: return, and settle later. After the start, or on a client that was given a queue, it is the error
/// `config`. `drop` may be NULL; else it is called exactly once: after the last call, when the client is freed and has
/// stopped, or at once where this fails; so also where `function` is NULL, which is the error `argument`.
///
/// # Safety
/// As for `dingstream_client_start`; `function` and `drop` take `user_data` on any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_on_delivery(
    client: *mut dingstream_client,
    function: Option<unsafe extern "C" fn(user_data: *mut c_void, delivery: *mut dingstream_delivery)>,
    user_data: *mut c_void,
    drop: Option<unsafe extern "C" fn(user_data: *mut c_void)>,
) -> *mut dingstream_error {
    let foreign = Foreign::new(user_data, drop as DropFn);
    guard(|| {
        // SAFETY: the caller vouches for the client.
        let client = unsafe { borrow(client, "client") }?;
        let function = needed(function)?;
        if client.shares_queue {
            return Err(Error::new(ErrorKind::Config, "this client was given a queue, which others may take from too")
                .hint("give NULL for the queue of a client whose deliveries go to a function"));
        }
        let born = client.born;
        client.client.on_delivery(move |delivery| {
            let delivery = give(dingstream_delivery::new(delivery, born));
            // SAFETY: the caller vouches for the function with its `user_data`, on any thread.
            unsafe { function(foreign.user_data(), delivery) }
        })?;
        client.queue.dispatch();
        Ok(())
    })
}

/// What the client has counted since it was made, and what it holds now: an object of whole numbers, of which
/// `dingstream_json_int(json, "/refused", …)` reads one. The names stand in `docs/stats.md`; more may come.
/// Free it with `dingstream_json_free`. It costs little and may be asked for at any moment.
///
/// # Safety
/// As for `dingstream_client_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_stats(
    client: *const dingstream_client,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, out) = (borrow(client, "client")?, Out::new(out)?);
        client.born.check("client")?;
        out.give(dingstream_json::tree(client.client.stats().to_json()));
        Ok(())
    })
}

/// The same as the text that Prometheus scrapes: a document that is one text, which `dingstream_json_text` reads with the
/// empty pointer. Free it with `dingstream_json_free`.
///
/// # Safety
/// As for `dingstream_client_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_metrics(
    client: *const dingstream_client,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, out) = (borrow(client, "client")?, Out::new(out)?);
        client.born.check("client")?;
        out.give(dingstream_json::tree(client.client.metrics().into()));
        Ok(())
    })
}

/// The queue that the client delivers to: the one that it was given, or its own. Lent until the client is freed; NULL for
/// NULL.
///
/// # Safety
/// As for `dingstream_client_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_queue(client: *mut dingstream_client) -> *mut dingstream_queue {
    read(std::ptr::null_mut(), || {
        // SAFETY: the caller vouches for the client.
        let client = unsafe { borrow(client, "client") }.ok()?;
        Some((&raw const client.queue).cast_mut())
    })
}

/// Frees a client; one that runs is stopped with no patience. Its deliveries, calls and queue stay what they are. NULL is
/// fine.
///
/// # Safety
/// `client` is NULL or a client that the caller owns; it is used no more, nor is the queue that it lent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_free(client: *mut dingstream_client) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(client) });
}
