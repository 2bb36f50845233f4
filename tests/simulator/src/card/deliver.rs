//! Bringing a card into spaces. The call is refused as a whole where it is wrong; else each space fails for itself.

use serde_json::{Map, Value, json};

use super::body::{out_track_id, required};
use super::create::user_id_type;
use super::instance::Card;
use super::space::{Place, Space, SpaceType, parse};
use crate::openapi::{Call, Message, Outcome, is_robot_of};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

/// A space, and how the card is to come there.
#[derive(Debug)]
pub(super) struct Delivery {
    place: Place,
    robot: String,
    recipients: Option<Vec<String>>,
    until: Option<u64>,
}

/// `POST /v1.0/card/instances/deliver`; its result is a list, unlike that of `createAndDeliver`.
pub(crate) fn deliver(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let id = out_track_id(call)?;
    required(call, "openSpaceId", "param.openSpaceIdEmpty")?;
    let mut world = platform.cards.lock();
    let card = world.instance(&caller.client_id, id)?;
    let deliveries = read_deliveries(platform, caller, call, card)?;
    card.user_id_type = user_id_type(call)?.unwrap_or(card.user_id_type);
    Ok(json!({"success": true, "result": carry_out(platform, caller, card, deliveries, "deliver")}))
}

pub(super) fn read_deliveries(
    platform: &Platform,
    caller: &Caller,
    call: &Call,
    card: &Card,
) -> Result<Vec<Delivery>, Refusal> {
    let address = required(call, "openSpaceId", "param.openSpaceIdEmpty")?;
    let places = parse(address).ok_or_else(|| Refusal::api("param.openSpaceIdInvalid"))?;
    if places.iter().any(|place| !card.models.contains(&place.space_type)) {
        return Err(Refusal::api("param.openSpaceModelInvalid"));
    }
    if SpaceType::ALL.iter().all(|known| call.body.get(known.models().1).is_none_or(Value::is_null)) {
        return Err(Refusal::api("param.openDeliverModelEmpty"));
    }
    places.into_iter().map(|place| read_delivery(platform, caller, call, place)).collect()
}

fn read_delivery(platform: &Platform, caller: &Caller, call: &Call, place: Place) -> Result<Delivery, Refusal> {
    let model = call.body.get(place.space_type.models().1).and_then(Value::as_object);
    // An empty model is none: that is why IM_ROBOT's has a field that says only what is known. IM_SINGLE's has none.
    let model = model.filter(|model| !model.is_empty() || place.space_type == SpaceType::ImSingle);
    let model = model.ok_or_else(|| Refusal::api("param.spaceDeliverModelEmpty"))?;
    let wrong = || Refusal::api("param.openDeliverModelError");
    let given = model.get("robotCode").and_then(Value::as_str).filter(|robot| !robot.is_empty());
    let robot = match place.space_type {
        SpaceType::ImGroup => given.ok_or_else(wrong)?,
        _ => given.unwrap_or(&caller.client_id),
    };
    if !is_robot_of(platform, caller, robot) {
        return Err(wrong());
    }
    let until = match place.space_type {
        SpaceType::OneBox => Some(model.get("expiredTimeMillis").and_then(Value::as_u64).ok_or_else(wrong)?),
        _ => None,
    };
    check_platforms(model)?;
    let recipients = match place.space_type {
        SpaceType::ImGroup => texts(model, "recipients"),
        SpaceType::OneBox => texts(model, "userIds"),
        SpaceType::ImRobot | SpaceType::ImSingle => None,
    };
    Ok(Delivery { robot: robot.to_owned(), recipients, until, place })
}

fn check_platforms(model: &Map<String, Value>) -> Result<(), Refusal> {
    let known = |platform: &String| ["android", "ios", "win", "mac"].contains(&platform.as_str());
    let platforms = texts(model, "platforms").unwrap_or_default();
    if platforms.iter().all(known) { Ok(()) } else { Err(Refusal::api("param.openDeliverModelError")) }
}

/// None where there are none.
fn texts(model: &Map<String, Value>, field: &str) -> Option<Vec<String>> {
    let list = model.get(field).and_then(Value::as_array)?;
    let texts: Vec<_> = list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect();
    Some(texts).filter(|texts| !texts.is_empty())
}

pub(super) fn carry_out(
    platform: &Platform,
    caller: &Caller,
    card: &mut Card,
    deliveries: Vec<Delivery>,
    op: &'static str,
) -> Vec<Value> {
    let now = platform.clock.now();
    let mut results = Vec::new();
    for delivery in deliveries {
        let failure = why_not(platform, &delivery.place);
        let mut result = json!({
            "spaceType": delivery.place.space_type.name(),
            "spaceId": delivery.place.id,
            "success": failure.is_none(),
            "carrierId": "",
            "errorMsg": failure.unwrap_or_default(),
        });
        if failure.is_none() {
            let Delivery { place, robot, recipients, until } = delivery;
            let carrier_id = carry(platform, caller, &robot, &place);
            result["carrierId"] = json!(carrier_id);
            let space = Space::new(place, now, carrier_id);
            card.spaces.push(Space { recipients: recipients.or(space.recipients), until, ..space });
            card.delivered();
        }
        results.push(result);
    }
    card.look(now, op);
    results
}

/// Success of the call says nothing of this.
pub(super) fn why_not(platform: &Platform, place: &Place) -> Option<&'static str> {
    let settings = platform.settings.get();
    let (known, why) = match place.space_type {
        SpaceType::ImRobot => (settings.known_users, "param.userIdNotExist"),
        _ => (settings.known_conversations, "param.conversationIdInvalid"),
    };
    if settings.failed_spaces.contains(&place.id) {
        return Some("system.busy");
    }
    known.is_some_and(|known| !known.contains(&place.id)).then_some(why)
}

/// The message that carries the card, to be read and recalled like any other: its key, empty where there is none.
pub(super) fn carry(platform: &Platform, caller: &Caller, robot: &str, place: &Place) -> String {
    let Some(way) = place.space_type.way() else {
        return String::new();
    };
    let message = match place.space_type {
        SpaceType::ImRobot => Message::new(way, caller, robot, None).to(&[&place.id]),
        _ => Message::new(way, caller, robot, Some(&place.id)),
    };
    platform.sent.add(platform, message)
}
