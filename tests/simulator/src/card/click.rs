//! A click on a card that is there: whether its application hears of it, and what the answer makes of the card.

use serde_json::{Value, json};

use super::body::{Options, Params, params};
use super::instance::Card;
use super::space::{Space, SpaceType};
use crate::platform::Platform;
use crate::push_request::PushRequest;

#[derive(Debug, Clone)]
pub(crate) struct Click {
    client_id: String,
    out_track_id: String,
    at: u64,
    pub(crate) user: String,
    pub(crate) user_id_type: u64,
    pub(crate) space_type: &'static str,
    pub(crate) space_id: String,
}

/// The click that a push is, if it names a card of this application; the error says why nobody hears of it.
pub(crate) fn aim(platform: &Platform, request: &PushRequest, client_id: &str) -> Result<Option<Click>, String> {
    let Some(id) = request.out_track_id.as_ref().filter(|_| request.kind == "card" && request.dynamic.is_none()) else {
        return Ok(None);
    };
    let (mut world, now) = (platform.cards.lock(), platform.clock.now());
    let Some(card) = world.find(client_id, id) else {
        return Ok(None);
    };
    if card.callback_type.as_deref() != Some("STREAM") {
        return Err(format!("{id} has no callbackType STREAM"));
    }
    let user = request.clicking_user();
    let space = space_of(card, request.clicked_space(), user, now);
    let space = space.ok_or_else(|| format!("{id} is not to be seen there"))?;
    let first = space.recipients.as_ref().and_then(|recipients| recipients.first());
    Ok(Some(Click {
        client_id: client_id.to_owned(),
        out_track_id: id.clone(),
        at: now,
        user: user.or(first.map(String::as_str)).unwrap_or("manager7543").to_owned(),
        user_id_type: card.user_id_type,
        space_type: if space.place.space_type == SpaceType::OneBox { "ONE_BOX" } else { "im" },
        space_id: space.place.id.clone(),
    }))
}

/// The newest space that shows it, to that user and in that place if they are given.
fn space_of<'a>(card: &'a Card, place: Option<&str>, user: Option<&str>, now: u64) -> Option<&'a Space> {
    card.spaces.iter().rev().find(|space| {
        space.is_open(now)
            && place.is_none_or(|id| space.place.id == id)
            && user.is_none_or(|user| space.shows_to(user))
    })
}

/// The first answer to a click, as it came.
pub(crate) fn answered(platform: &Platform, click: &Click, answer: &Value) {
    let now = platform.clock.now();
    let response = answer.get("data").and_then(Value::as_str).and_then(|data| serde_json::from_str::<Value>(data).ok());
    let response = response.map(|data| data["response"].clone()).unwrap_or_default();
    let why = apply(platform, click, answer, &response, now).err();
    platform.record(
        "card",
        json!({
            "op": "click",
            "clientId": click.client_id,
            "outTrackId": click.out_track_id,
            "user": click.user,
            "spaceId": click.space_id,
            "afterMs": now.saturating_sub(click.at),
            "body": response,
            "applied": why.is_none(),
            "why": why,
        }),
    );
}

fn apply(platform: &Platform, click: &Click, answer: &Value, response: &Value, now: u64) -> Result<(), &'static str> {
    if now > click.at + platform.settings.get().click_timeout_ms {
        return Err("it came too late");
    }
    if answer.get("code").and_then(Value::as_i64) != Some(200) {
        return Err("its code is not 200");
    }
    let read = |field: &str| params(response.get(field)).map_err(|_| "a value is no string");
    let (shared, private): (Option<Params>, Option<Params>) = (read("cardData")?, read("userPrivateData")?);
    let options = Options::read(response.get("cardUpdateOptions")).map_err(|_| "its options can't be read")?;
    if shared.is_none() && private.is_none() {
        return Err("it changes nothing");
    }
    let mut world = platform.cards.lock();
    let card = world.find(&click.client_id, &click.out_track_id).ok_or("the card is gone")?;
    if let Some(shared) = shared {
        card.fill_copy(&click.user, &shared, options);
    }
    if let Some(private) = private {
        card.fill_for(&click.user, &private, options);
    }
    card.look(now, "click");
    Ok(())
}
