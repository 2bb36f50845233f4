//! What a client does with cards.

use std::ffi::c_char;

use dingstream::{Call, Card, CardChange, Client, Result, Target};

use crate::bytes::text;
use crate::call::dingstream_call;
use crate::card::dingstream_card;
use crate::client::dingstream_client;
use crate::client_calls::start;
use crate::error::dingstream_error;
use crate::guard::guard;
use crate::handle::take;
use crate::json::parsed;

/// Starts a call that takes a card, also where it fails.
///
/// # Safety
/// As for `dingstream_client_card_send`.
unsafe fn with_card(
    client: *mut dingstream_client,
    card: *mut dingstream_card,
    out: *mut *mut dingstream_call,
    call: impl FnOnce(&Client, Card) -> Call,
) -> Result<()> {
    // SAFETY: the caller vouches for the pointers, and gives the card up.
    unsafe {
        let card = take(card, "card");
        start(client, out, |client| Ok(call(client, card?.0)))
    }
}

/// Creates a card and delivers it to its spaces. It takes the card, also where it fails. The result of the call is
/// `{"outTrackId","deliverResults":[{"spaceType","spaceId","success","carrierId","errorMsg"}]}`, where `carrierId` is the
/// `processQueryKey` to recall it by; the call fails only where no space got it. Its clicks come over Stream, unless it has a
/// callback route.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; `card` is NULL or a card that the caller owns, and is used no
/// more; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_send(
    client: *mut dingstream_client,
    card: *mut dingstream_card,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the card up.
    guard(|| unsafe { with_card(client, card, out, Client::card_send) })
}

/// Creates a card that appears nowhere yet, owning its spaces. It takes the card. The result is `{"outTrackId"}`.
///
/// # Safety
/// As for `dingstream_client_card_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_create(
    client: *mut dingstream_client,
    card: *mut dingstream_card,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the card up.
    guard(|| unsafe { with_card(client, card, out, Client::card_create) })
}

/// Delivers a card that exists, by its track id, to spaces that it owns. It takes the card. The result is as for
/// `dingstream_client_card_send`.
///
/// # Safety
/// As for `dingstream_client_card_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_deliver(
    client: *mut dingstream_client,
    card: *mut dingstream_card,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the card up.
    guard(|| unsafe { with_card(client, card, out, Client::card_deliver) })
}

/// Gives a card that exists, by its track id, further spaces to be delivered to. It takes the card. The result is DingTalk's
/// own answer.
///
/// # Safety
/// As for `dingstream_client_card_send`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_add_spaces(
    client: *mut dingstream_client,
    card: *mut dingstream_card,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers, and gives the card up.
    guard(|| unsafe { with_card(client, card, out, Client::card_add_spaces) })
}

/// Changes what a card shows, to everybody or to single users: `{"track_id":"…","data":{…},"private_data":{"user id":{…}}}`, values
/// of any type. What is not named stays, unless `"whole":true` empties it; any other field goes along as DingTalk spells it. The
/// result is DingTalk's own answer.
///
/// # Safety
/// `client` is NULL or a client that is not freed meanwhile; `json` is readable for `json_len` bytes; `out` is NULL or
/// writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_update(
    client: *mut dingstream_client,
    json: *const c_char,
    json_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let change = CardChange::from_json(text(json, json_len, "json")?)?;
        start(client, out, |client| Ok(client.card_update(change)))
    })
}

/// Takes a card from the top of a group. The result is DingTalk's own answer.
///
/// # Safety
/// As for `dingstream_client_card_update`; each text is readable for its length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_close_top(
    client: *mut dingstream_client,
    track_id: *const c_char,
    track_id_len: usize,
    conversation: *const c_char,
    conversation_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let id = text(track_id, track_id_len, "track_id")?;
        let conversation = text(conversation, conversation_len, "conversation")?;
        start(client, out, |client| Ok(client.card_close_top(id, conversation)))
    })
}

/// Registers the HTTP address that the actions of cards with this callback route go to; cards over Stream need none. `secret`
/// signs what DingTalk sends there, and is empty where DingTalk is to choose one; `force` replaces what was registered. The
/// result is DingTalk's own answer without the secret.
///
/// # Safety
/// As for `dingstream_client_card_close_top`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_card_register_callback(
    client: *mut dingstream_client,
    route: *const c_char,
    route_len: usize,
    url: *const c_char,
    url_len: usize,
    secret: *const c_char,
    secret_len: usize,
    force: bool,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (route, url) = (text(route, route_len, "route")?, text(url, url_len, "url")?);
        let secret = text(secret, secret_len, "secret")?;
        start(client, out, |client| Ok(client.card_register_callback(route, url, secret, force)))
    })
}

/// Sends an ordinary card (`StandardCard`), which DingTalk keeps for applications that have it already: `card` is its JSON,
/// `target` one group or one user as for `dingstream_client_send`, `biz_id` the id of yours that it is updated by. It has no
/// Stream callback. The result is `{"cardBizId","processQueryKey"}`.
///
/// # Safety
/// As for `dingstream_client_card_close_top`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_standard_card_send(
    client: *mut dingstream_client,
    target: *const c_char,
    target_len: usize,
    biz_id: *const c_char,
    biz_id_len: usize,
    card: *const c_char,
    card_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let target = Target::from_json(text(target, target_len, "target")?)?;
        let (id, card) = (text(biz_id, biz_id_len, "biz_id")?, parsed(text(card, card_len, "card")?)?);
        start(client, out, |client| Ok(client.standard_card_send(target, id, card)))
    })
}

/// Replaces what an ordinary card shows. The result is DingTalk's own answer.
///
/// # Safety
/// As for `dingstream_client_card_close_top`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_client_standard_card_update(
    client: *mut dingstream_client,
    biz_id: *const c_char,
    biz_id_len: usize,
    card: *const c_char,
    card_len: usize,
    out: *mut *mut dingstream_call,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (id, card) = (text(biz_id, biz_id_len, "biz_id")?, parsed(text(card, card_len, "card")?)?);
        start(client, out, |client| Ok(client.standard_card_update(id, card)))
    })
}
