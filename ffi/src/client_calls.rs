//! What a client does towards DingTalk by itself: sends, asks, recalls, and calls any other API.

use std::ffi::c_char;

use dingstream::openapi::bot::Remind;
use dingstream::{Client, Error, ErrorKind, Host, Result, Target};
use serde_json::{Map, Value};

use crate::bytes::text;
use crate::call::dingstream_call;
use crate::client::dingstream_client;
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::{OfProcess, Out, borrow, take};
use crate::json::parsed;
use crate::message::dingstream_message;

/// Starts a call of a client.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; `out` is NULL or writable.
pub(crate) unsafe fn start(
    client: *mut dingstream_client,
    out: *mut *mut dingstream_call,
    call: impl FnOnce(&Client) -> Result<dingstream::Call>,
) -> Result<()> {
    // SAFETY: as for the caller.
    let (client, out) = unsafe { (borrow(client, "client")?, Out::new(out)?) };
    client.born().check("client")?;
    out.give(dingstream_call::new(call(client.core())?));
    Ok(())
}

/// Sends a message by OpenAPI, without a delivery to answer. It takes the message, also where it fails. `target` is JSON:
/// `{"users":["staff id"]}` (in batches of twenty), `{"group":"openConversationId"}`, or
/// `{"conversation":"openConversationId","cool_app":"coolAppCode"}`. The result of the call is `{"processQueryKeys":["…"]}`,
/// for users with `invalidStaffIdList`, `flowControlledStaffIdList` and `failed`, and `"lost":["mentions"]` where there were
/// some.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; so for every call of a client. `target` is readable for
/// `target_len` bytes; `message` is NULL or a message that the caller owns, and is used no more; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_send(
    client: *mut dingstream_client,
    target: *const c_char,
    target_len: usize,
    message: *mut dingstream_message,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the message up.
    guard(|| unsafe {
        let message = take(message, "message");
        let target = Target::from_json(text(target, target_len, "target")?)?;
        start(client, out, |client| Ok(client.send(target, message?.0)))
    })
}

/// Who has read what was sent to `target` under this `processQueryKey`, within 24 hours. The result is DingTalk's own answer.
///
/// # Safety
/// As for `dingstream_client_send`; each text is readable for its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_read_status(
    client: *mut dingstream_client,
    target: *const c_char,
    target_len: usize,
    key: *const c_char,
    key_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let target = Target::from_json(text(target, target_len, "target")?)?;
        let key = text(key, key_len, "key")?;
        start(client, out, |client| Ok(client.read_status(target, key)))
    })
}

/// Takes back what was sent to `target`, within 24 hours. `keys` is a JSON list of `processQueryKey`s. The result is
/// `{"successResult":["…"],"failedResult":{"key":"reason"}}`.
///
/// # Safety
/// As for `dingstream_client_read_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_recall(
    client: *mut dingstream_client,
    target: *const c_char,
    target_len: usize,
    keys: *const c_char,
    keys_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let target = Target::from_json(text(target, target_len, "target")?)?;
        let keys = texts(text(keys, keys_len, "keys")?, "keys")?;
        start(client, out, |client| Ok(client.recall(target, keys)))
    })
}

/// Dings users, a JSON list of user ids. `remind` is one of `dingstream_remind`. The result is DingTalk's own answer.
///
/// # Safety
/// As for `dingstream_client_read_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_ding(
    client: *mut dingstream_client,
    users: *const c_char,
    users_len: usize,
    remind: u32,
    content: *const c_char,
    content_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let users = texts(text(users, users_len, "users")?, "users")?;
        let remind = Remind::from_number(remind).ok_or_else(|| number("a way to ding", remind))?;
        let content = text(content, content_len, "content")?;
        start(client, out, |client| Ok(client.ding(users, remind, content)))
    })
}

/// Calls any other API of DingTalk. `path` begins with one slash; `query` is a JSON object of texts, or empty; `body` is any
/// JSON, or empty for none; `corp` names an organisation where the application is an ISV's, and is empty else; `host` is one
/// of `dingstream_host`. The token goes where the host wants it. An answer that says that it failed is an error, whatever its
/// status. The result is the answer's JSON.
///
/// # Safety
/// As for `dingstream_client_read_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_request(
    client: *mut dingstream_client,
    host: u32,
    method: *const c_char,
    method_len: usize,
    path: *const c_char,
    path_len: usize,
    query: *const c_char,
    query_len: usize,
    body: *const c_char,
    body_len: usize,
    corp: *const c_char,
    corp_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let host = Host::from_number(host).ok_or_else(|| number("a host", host))?;
        let (method, path) = (text(method, method_len, "method")?, text(path, path_len, "path")?);
        let query = object(text(query, query_len, "query")?)?;
        let query = pairs(&query)?;
        let body = match text(body, body_len, "body")? {
            "" => None,
            body => Some(parsed(body)?),
        };
        let corp = Some(text(corp, corp_len, "corp")?).filter(|corp| !corp.is_empty());
        start(client, out, |client| Ok(client.request(method, host, path, &query, body, corp)))
    })
}

/// Hands over the `suite_ticket` that an ISV's token needs, where it was stored: DingTalk sends it as an event every five
/// hours. It is never logged or shown.
///
/// # Safety
/// As for `dingstream_client_read_status`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_set_suite_ticket(
    client: *mut dingstream_client,
    ticket: *const c_char,
    ticket_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, ticket) = (borrow(client, "client")?, text(ticket, ticket_len, "ticket")?);
        client.core().suite_ticket(ticket)
    })
}

fn texts(json: &str, what: &str) -> Result<Vec<String>> {
    let wrong = || Error::new(ErrorKind::Argument, format!("{what} takes a JSON list of texts"));
    let value = parsed(json)?;
    value.as_array().ok_or_else(wrong)?.iter().map(|text| text.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

fn object(json: &str) -> Result<Map<String, Value>> {
    match json {
        "" => Ok(Map::new()),
        json => match parsed(json)? {
            Value::Object(object) => Ok(object),
            _ => Err(no_query()),
        },
    }
}

fn pairs(query: &Map<String, Value>) -> Result<Vec<(&str, &str)>> {
    query.iter().map(|(name, value)| Ok((name.as_str(), value.as_str().ok_or_else(no_query)?))).collect()
}

fn no_query() -> Error {
    Error::new(ErrorKind::Argument, "query takes a JSON object of texts")
}

pub(crate) fn number(what: &str, number: u32) -> Error {
    Error::new(
        ErrorKind::Argument,
        format!("there is no {what} with the number {number}", what = what.trim_start_matches("a ")),
    )
}
