//! Changing a card that is there: what it says, and where it may go.

use serde_json::json;

use super::body::{Options, out_track_id, params, private_data};
use super::create::{space_models, user_id_type};
use crate::openapi::{Call, Outcome};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

/// `PUT /v1.0/card/instances`.
pub(crate) fn update(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let id = out_track_id(call)?;
    let shared = params(call.body.get("cardData"))?;
    let private = private_data(platform, call)?;
    let options = Options::read(call.body.get("cardUpdateOptions"))?;
    let user_id_type = user_id_type(call)?;
    if shared.is_none() && private.is_empty() {
        return Err(Refusal::api("param.cardDataAndPrivateDataBothEmpty"));
    }
    let mut world = platform.cards.lock();
    let card = world.instance(&caller.client_id, id)?;
    card.user_id_type = user_id_type.unwrap_or(card.user_id_type);
    if let Some(shared) = shared {
        card.fill(&shared, options);
    }
    for (user, params) in &private {
        card.fill_for(user, params, options);
    }
    card.look(platform.clock.now(), "update");
    Ok(json!({"success": true, "result": true}))
}

/// `PUT /v1.0/card/instances/spaces`.
pub(crate) fn add_spaces(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let id = out_track_id(call)?;
    let mut models = space_models(call)?;
    if models.is_empty() {
        return Err(Refusal::api("param.emptyAppendSpaces"));
    }
    platform.cards.lock().instance(&caller.client_id, id)?.models.append(&mut models);
    Ok(json!({"success": true, "result": true}))
}
