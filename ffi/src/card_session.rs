//! `dingstream_card_session`: what types into an AI card.

use std::ffi::c_char;

use dingstream::runtime::Born;
use dingstream::{CardButton, CardOptions, CardSession, Result, Space};

use crate::bytes::text;
use crate::call::dingstream_call;
use crate::client::dingstream_client;
use crate::delivery::dingstream_delivery;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{OfProcess, Out, borrow, free};
use crate::json::parsed;

/// What types into an AI card. It is opened at once and takes text at once; the card follows, at a pace that keeps DingTalk's
/// limits, and always with the latest text. From any thread, concurrently; only the calls of its end wait for the network. Freed
/// before it has ended, it ends as failed, with its fallback text.
pub struct dingstream_card_session {
    session: CardSession,
    born: Born,
}

impl OfProcess for dingstream_card_session {
    fn born(&self) -> Born {
        self.born
    }
}

fn options(json: &str) -> Result<CardOptions> {
    if json.is_empty() { Ok(CardOptions::default()) } else { CardOptions::from_json(json) }
}

/// Opens a session where a bot message came from. `options` is empty, or a JSON object such as `{"text":"Thinking…"}`; all of them
/// stand in `docs/options.md`. What DingTalk says to it comes with its end: where cards are refused, the text goes out as a
/// reply. Free it with `dingstream_card_session_free`.
///
/// # Safety
/// `delivery` is NULL or a delivery that is not freed meanwhile; `options` is readable for `options_len` bytes; `out` is NULL
/// or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_delivery_card(
    delivery: *mut dingstream_delivery,
    options: *const c_char,
    options_len: usize,
    out: *mut *mut dingstream_card_session,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (delivery, out) = (borrow(delivery, "delivery")?, Out::new(out)?);
        delivery.born().check("delivery")?;
        let session = delivery.delivery.card(self::options(text(options, options_len, "options")?)?)?;
        out.give(dingstream_card_session { session, born: Born::now() });
        Ok(())
    })
}

/// Opens a session in a space, from JSON as for `dingstream_card_add_space`; `options` as for `dingstream_delivery_card`.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; each text is readable for its length; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card(
    client: *mut dingstream_client,
    space: *const c_char,
    space_len: usize,
    options: *const c_char,
    options_len: usize,
    out: *mut *mut dingstream_card_session,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (client, out) = (borrow(client, "client")?, Out::new(out)?);
        client.born().check("client")?;
        let space = Space::from_json(text(space, space_len, "space")?)?;
        let session = client.core().card(space, self::options(text(options, options_len, "options")?)?)?;
        out.give(dingstream_card_session { session, born: Born::now() });
        Ok(())
    })
}

/// # Safety
/// `session` is NULL or a session that is not freed meanwhile.
unsafe fn of<'a>(session: *mut dingstream_card_session) -> Result<&'a CardSession> {
    // SAFETY: as for the caller.
    let session = unsafe { borrow(session, "session") }?;
    session.born.check("card session")?;
    Ok(&session.session)
}

/// Adds text behind what was said before; the first replaces the text that the session was opened with. The error is of kind
/// `DINGSTREAM_ERROR_ANSWERED` once it has ended, and `TOO_LARGE` beyond 4 MiB.
///
/// # Safety
/// `session` is NULL or a session that is not freed meanwhile; `content` is readable for `content_len` bytes. So for every
/// function of a session.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_push(
    session: *mut dingstream_card_session,
    content: *const c_char,
    content_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { of(session)?.push(text(content, content_len, "content")?) })
}

/// Replaces what was said before.
///
/// # Safety
/// As for `dingstream_card_session_push`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_set(
    session: *mut dingstream_card_session,
    content: *const c_char,
    content_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe { of(session)?.set(text(content, content_len, "content")?) })
}

/// A button that the card ends with and that opens a link; of the public template alone.
///
/// # Safety
/// As for `dingstream_card_session_push`; each text is readable for its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_add_link(
    session: *mut dingstream_card_session,
    label: *const c_char,
    label_len: usize,
    url: *const c_char,
    url_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let button = CardButton::link(text(label, label_len, "label")?, text(url, url_len, "url")?);
        of(session)?.button(button)
    })
}

/// A button that the card ends with and whose click comes as a card action with this id; of the public template alone.
///
/// # Safety
/// As for `dingstream_card_session_add_link`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_add_action(
    session: *mut dingstream_card_session,
    label: *const c_char,
    label_len: usize,
    id: *const c_char,
    id_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let button = CardButton::action(text(label, label_len, "label")?, text(id, id_len, "id")?);
        of(session)?.button(button)
    })
}

/// A value, any JSON, that the card ends with, of another variable of its template.
///
/// # Safety
/// As for `dingstream_card_session_add_link`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_set_value(
    session: *mut dingstream_card_session,
    name: *const c_char,
    name_len: usize,
    json: *const c_char,
    json_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (name, value) = (text(name, name_len, "name")?, parsed(text(json, json_len, "json")?)?);
        of(session)?.value(name, value)
    })
}

/// Ends the session with the text that was said. The call is done once the card shows it all, with `{"via":"card",
/// "state":"finished","outTrackId":"…","outTrackIds":["…"],"calls":N}`; where it took several cards, `outTrackIds` names them
/// all. Where cards are refused, the text went out as a message: `via` is `session` or `openapi` then, and `degraded` holds the
/// error that says why. The call fails with `answered` where the session has ended before. Cancelling it only ends the waiting.
///
/// # Safety
/// As for `dingstream_card_session_push`; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_finish(
    session: *mut dingstream_card_session,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (session, out) = (of(session)?, Out::new(out)?);
        out.give(dingstream_call::new(session.finish()));
        Ok(())
    })
}

/// Ends the session as failed, with this text in place of what was said; empty for the fallback. The result is as for
/// `dingstream_card_session_finish`, with the state `failed`.
///
/// # Safety
/// As for `dingstream_card_session_finish`; `content` is readable for `content_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_fail(
    session: *mut dingstream_card_session,
    content: *const c_char,
    content_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (session, content, out) = (of(session)?, text(content, content_len, "content")?, Out::new(out)?);
        out.give(dingstream_call::new(session.fail(content)));
        Ok(())
    })
}

/// Frees a session; one that has not ended ends as failed, with its fallback text. NULL is fine.
///
/// # Safety
/// `session` is NULL or a session that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_session_free(session: *mut dingstream_card_session) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { free(session) });
}
