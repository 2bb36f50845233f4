//! `dingstream_card`: what an interactive card is created from, and what answers its actions.

use std::ffi::c_char;

use dingstream::{Card, CardResponse, DynamicData, Error, ErrorKind, Result, Space};
use serde_json::{Map, Value};

use crate::bytes::text;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{Out, borrow_mut, given_back};
use crate::json::{dingstream_json, parsed};

/// A card to create: a template, values for its variables, and the spaces where it appears. One thread at a time; what sends
/// it takes it, whatever the result.
pub struct dingstream_card(pub(crate) Card);

/// # Safety
/// As for `dingstream_card_set_track_id`.
unsafe fn change(card: *mut dingstream_card, change: impl FnOnce(Card) -> Card) -> Result<()> {
    // SAFETY: as for the caller.
    let card = unsafe { borrow_mut(card, "card") }?;
    card.0 = change(card.0.clone());
    Ok(())
}

/// Makes a card of a template, by its id from the card platform, with an `outTrackId` of its own. Free it with
/// `dingstream_card_free`, unless it was sent.
///
/// # Safety
/// `template_id` is readable for `template_id_len` bytes; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_new(
    template_id: *const c_char,
    template_id_len: usize,
    out: *mut *mut dingstream_card,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_card(Card::new(text(template_id, template_id_len, "template_id")?)));
        Ok(())
    })
}

/// Makes a card from one JSON object: `template` (an id, or one of the public templates `markdown`, `markdown_buttons`,
/// `ai_markdown`, `carousel`), `track_id`, `data`, `private_data` (by user id), `spaces` (as for `dingstream_card_add_space`),
/// `last_message` (a text, or texts by language such as `ZH_CN`), `notification` (a text, or `false` for none), `search`
/// (`{icon, kind, description}`), `forwardable`, `callback_route`, and any other field as DingTalk spells it.
///
/// The data of the public templates: `markdown` has `title`, `markdown`, `logo`; `markdown_buttons` has `tips` and `buttons` as
/// well; `ai_markdown` has `title`, `markdown`, `logo`, `buttons`; `carousel` has `title`, `markdown`, `logo`, `slides` (a list of
/// `{title, image}`) and `button`, a text. A button is `{text, url}`, or `{text, id}` for one whose click comes as a card
/// action.
///
/// # Safety
/// `json` is readable for `json_len` bytes; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_from_json(
    json: *const c_char,
    json_len: usize,
    out: *mut *mut dingstream_card,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_card(Card::from_json(text(json, json_len, "json")?)?));
        Ok(())
    })
}

/// Sets the id that the card is updated by and that its actions name; no other card may have had it.
///
/// # Safety
/// `card` is NULL or a card that no other thread uses now; each text is readable for its length. So for every function that
/// changes a card.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_set_track_id(
    card: *mut dingstream_card,
    id: *const c_char,
    id_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let id = text(id, id_len, "id")?;
        change(card, |card| card.track_id(id))
    })
}

/// Sets a variable to a text.
///
/// # Safety
/// As for `dingstream_card_set_track_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_set_text(
    card: *mut dingstream_card,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (name, value) = (text(name, name_len, "name")?, text(value, value_len, "value")?);
        change(card, |card| card.value(name, value))
    })
}

/// Sets a variable to any JSON value: a number, a list, an object.
///
/// # Safety
/// As for `dingstream_card_set_track_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_set_json(
    card: *mut dingstream_card,
    name: *const c_char,
    name_len: usize,
    json: *const c_char,
    json_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (name, value) = (text(name, name_len, "name")?, parsed(text(json, json_len, "json")?)?);
        change(card, |card| card.value(name, value))
    })
}

/// Sets a variable to any JSON value as one user sees it, by the user id.
///
/// # Safety
/// As for `dingstream_card_set_track_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_set_private(
    card: *mut dingstream_card,
    user: *const c_char,
    user_len: usize,
    name: *const c_char,
    name_len: usize,
    json: *const c_char,
    json_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (user, name) = (text(user, user_len, "user")?, text(name, name_len, "name")?);
        let value = parsed(text(json, json_len, "json")?)?;
        change(card, |card| card.private_value(user, name, value))
    })
}

/// Adds a space where the card appears, from JSON: `{"type":"IM_GROUP","id":"openConversationId"}`, `IM_ROBOT` with a user id,
/// `IM_SINGLE`, or `ONE_BOX` (the top of a group) with `until` in milliseconds since 1970. `at` (names by user id), `recipients`
/// (user ids) and any other field of the delivery as DingTalk spells it go along.
///
/// # Safety
/// As for `dingstream_card_set_track_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_add_space(
    card: *mut dingstream_card,
    space: *const c_char,
    space_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let space = Space::from_json(text(space, space_len, "space")?)?;
        change(card, |card| card.space(space))
    })
}

/// Sets any other field to any JSON value, as DingTalk spells it, such as `openDynamicDataConfig`.
///
/// # Safety
/// As for `dingstream_card_set_track_id`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_set_field(
    card: *mut dingstream_card,
    field: *const c_char,
    field_len: usize,
    json: *const c_char,
    json_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let (field, value) = (text(field, field_len, "field")?, parsed(text(json, json_len, "json")?)?);
        change(card, |card| card.with(field, value))
    })
}

/// Frees a card that was not sent. NULL is fine.
///
/// # Safety
/// `card` is NULL or a card that the caller owns; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_free(card: *mut dingstream_card) {
    // SAFETY: the caller gives it up.
    quietly(|| unsafe { drop(given_back(card)) });
}

/// Makes what `dingstream_delivery_ok` answers a card action with. `data` is a JSON object of variables that change for the
/// one who clicked, `private_data` one of private variables; each is empty where nothing changes. What everybody is to see goes
/// through `dingstream_client_card_update`. Free it with `dingstream_json_free`.
///
/// # Safety
/// Each text is readable for its length; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_card_response(
    data: *const c_char,
    data_len: usize,
    private_data: *const c_char,
    private_data_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let data = object(text(data, data_len, "data")?, "data")?;
        let private = object(text(private_data, private_data_len, "private_data")?, "private_data")?;
        out.give(dingstream_json::tree(CardResponse::of(data, private).to_json()));
        Ok(())
    })
}

/// Makes what `dingstream_delivery_ok` answers a request for dynamic data with: `values` is a JSON object with a text, a list or
/// an object for each `dynamicDataSourceId` that was asked for. Free it with `dingstream_json_free`.
///
/// # Safety
/// As for `dingstream_card_response`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_dynamic_data(
    values: *const c_char,
    values_len: usize,
    out: *mut *mut dingstream_json,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let values = object(text(values, values_len, "values")?, "values")?;
        out.give(dingstream_json::tree(DynamicData::of(values).to_json()));
        Ok(())
    })
}

fn object(json: &str, what: &str) -> Result<Map<String, Value>> {
    match json {
        "" => Ok(Map::new()),
        json => match parsed(json)? {
            Value::Object(object) => Ok(object),
            _ => Err(Error::new(ErrorKind::Argument, format!("{what} takes a JSON object"))),
        },
    }
}
