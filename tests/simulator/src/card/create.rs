//! Making a card: alone, or together with its first delivery.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::body::{Options, check_size, invalid, out_track_id, params, private_data, required};
use super::deliver::{carry_out, read_deliveries};
use super::dynamic;
use super::instance::Card;
use super::space::SpaceType;
use super::world::World;
use crate::openapi::{Call, Outcome};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

/// `POST /v1.0/card/instances`.
pub(crate) fn create(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let mut world = platform.cards.lock();
    let card = read(platform, &mut world, caller, call)?;
    let answer = json!({"success": true, "result": card.id});
    world.cards.push(card);
    Ok(answer)
}

/// `POST /v1.0/card/instances/createAndDeliver`: refused as a whole, or made, be it that no space takes it.
pub(crate) fn create_and_deliver(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let mut world = platform.cards.lock();
    let mut card = read(platform, &mut world, caller, call)?;
    let deliveries = read_deliveries(platform, caller, call, &card)?;
    let results = carry_out(platform, caller, &mut card, deliveries, "createAndDeliver");
    let answer = json!({"success": true, "result": {"outTrackId": card.id, "deliverResults": results}});
    world.cards.push(card);
    Ok(answer)
}

fn read(platform: &Platform, world: &mut World, caller: &Caller, call: &Call) -> Result<Card, Refusal> {
    let template = required(call, "cardTemplateId", "param.cardTemplateIdEmpty")?;
    let id = out_track_id(call)?;
    let shared = params(call.body.get("cardData"))?.ok_or_else(|| Refusal::api("param.cardPublicDataEmpty"))?;
    check_size(platform, &shared)?;
    let private = private_data(platform, call)?;
    private.values().try_for_each(|params| check_size(platform, params))?;
    dynamic::check(call)?;
    let models = space_models(call)?;
    let callback_type = match call.body.get("callbackType") {
        None | Some(Value::Null) => None,
        Some(kind) if kind == "STREAM" || kind == "HTTP" => kind.as_str().map(str::to_owned),
        Some(_) => return Err(invalid()),
    };
    let mut card = Card::new(&caller.client_id, id, world.template(template)?);
    if world.find(&caller.client_id, id).is_some() {
        return Err(Refusal::api("param.cardAlreadyExist"));
    }
    (card.callback_type, card.models) = (callback_type, models);
    card.user_id_type = user_id_type(call)?.unwrap_or(card.user_id_type);
    card.fill(&shared, Options::default());
    for (user, params) in &private {
        card.fill_for(user, params, Options::default());
    }
    Ok(card)
}

/// The kinds of spaces for which the body has a model.
pub(super) fn space_models(call: &Call) -> Result<BTreeSet<SpaceType>, Refusal> {
    let mut models = BTreeSet::new();
    for space_type in SpaceType::ALL {
        match call.body.get(space_type.models().0) {
            None | Some(Value::Null) => {}
            Some(Value::Object(model)) if space_type.takes(model) => {
                models.insert(space_type);
            }
            Some(_) => return Err(Refusal::api("param.openSpaceModelInvalid")),
        }
    }
    Ok(models)
}

/// 1 for userIds, 2 for unionIds: it holds for what comes back in a callback too.
pub(super) fn user_id_type(call: &Call) -> Result<Option<u64>, Refusal> {
    match call.body.get("userIdType") {
        None | Some(Value::Null) => Ok(None),
        Some(kind) => kind.as_u64().filter(|kind| [1, 2].contains(kind)).map(Some).ok_or_else(invalid),
    }
}
