//! The ordinary card, `StandardCard`: one text of JSON, which the application replaces as it likes.

use serde_json::{Map, Value, json};

use super::body::{Options, Params, required};
use super::deliver::{carry, why_not};
use super::instance::Card;
use super::space::{Place, Space, SpaceType};
use super::template::{STANDARD, Template};
use crate::openapi::{Call, Outcome, is_robot_of};
use crate::patch::merge;
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const LONGEST_ID: usize = 100;

/// `POST /v1.0/im/v1.0/robot/interactiveCards/send`. The same id again shows the same card in one more place, or in
/// the same place nothing new.
pub(crate) fn send(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    if required(call, "cardTemplateId", "param.error")? != STANDARD {
        return Err(Refusal::api("template.isNotExist"));
    }
    let id = call.text("cardBizId").filter(|id| id.chars().count() <= LONGEST_ID);
    let id = id.ok_or_else(|| Refusal::api("invalid.bizId"))?;
    let robot = robot(platform, caller, call)?;
    let data = json_object(call, "cardData")?.ok_or_else(|| Refusal::api("param.error"))?;
    let place = receiver(call)?;
    match why_not(platform, &place) {
        Some("param.userIdNotExist") => return Err(Refusal::api("invalid.user")),
        Some("param.conversationIdInvalid") => return Err(Refusal::api("invalid.openConversationId")),
        Some(_) => return Err(Refusal::api("send.cardMsg.failed")),
        None => {}
    }
    let mut world = platform.cards.lock();
    if world.find(&caller.client_id, id).is_none() {
        let mut card = Card::new(&caller.client_id, id, Template::standard());
        card.fill(&card_data(&data), Options::default());
        world.cards.push(card);
    }
    let card = world.find(&caller.client_id, id).filter(|card| card.is_ordinary());
    let card = card.ok_or_else(|| Refusal::api("create.cardInstance.failed"))?;
    if let Some(space) = card.spaces.iter().find(|space| space.place == place) {
        return Ok(json!({"processQueryKey": space.carrier_id}));
    }
    let (key, now) = (carry(platform, caller, robot, &place), platform.clock.now());
    card.spaces.push(Space::new(place, now, key.clone()));
    card.delivered();
    card.look(now, "sendOrdinary");
    Ok(json!({"processQueryKey": key}))
}

/// `PUT /v1.0/im/robots/interactiveCards`.
pub(crate) fn update(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let id = required(call, "cardBizId", "invalid.bizId")?;
    let given = json_object(call, "cardData")?;
    let options = Options::read(call.body.get("updateOptions"))?;
    let mut world = platform.cards.lock();
    let card = world.find(&caller.client_id, id).filter(|card| card.is_ordinary());
    let card = card.ok_or_else(|| Refusal::api("cardInstance.notExist"))?;
    if let Some(given) = given {
        let before = card.params.get("cardData").and_then(|text| serde_json::from_str(text).ok());
        let mut data = before.filter(|_| options.shared_by_key).unwrap_or_else(|| json!({}));
        merge(&mut data, &given.into());
        card.fill(&Params::from([("cardData".to_owned(), data.to_string())]), Options::default());
    }
    card.look(platform.clock.now(), "updateOrdinary");
    Ok(json!({"processQueryKey": card.spaces.first().map(|space| &space.carrier_id)}))
}

/// `POST /v1.0/innerApi/robot/stream/away/template/update`: the card that a robot answers with when nobody is
/// connected. It is in no document; the official Python SDK calls it.
pub(crate) fn update_away(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    robot(platform, caller, call)?;
    json_object(call, "cardData")?.ok_or_else(|| Refusal::api("param.error"))?;
    Ok(json!({"success": true, "result": true}))
}

fn robot<'a>(platform: &Platform, caller: &Caller, call: &'a Call) -> Result<&'a str, Refusal> {
    let robot = required(call, "robotCode", "invalid.robotCode")?;
    if is_robot_of(platform, caller, robot) { Ok(robot) } else { Err(Refusal::api("invalid.robotCode")) }
}

/// JSON in a text.
fn json_object(call: &Call, field: &str) -> Result<Option<Map<String, Value>>, Refusal> {
    let given = call.body.get(field).filter(|given| !given.is_null());
    let parse = |given: &Value| given.as_str().and_then(|text| serde_json::from_str(text).ok());
    given.map(|given| parse(given).ok_or_else(|| Refusal::api("param.isNotJson"))).transpose()
}

fn card_data(data: &Map<String, Value>) -> Params {
    Params::from([("cardData".to_owned(), json!(data).to_string())])
}

fn receiver(call: &Call) -> Result<Place, Refusal> {
    if let Some(conversation) = call.text("openConversationId") {
        return Ok(Place { space_type: SpaceType::ImGroup, id: conversation.to_owned() });
    }
    let single = json_object(call, "singleChatReceiver")?.ok_or_else(|| Refusal::api("param.error"))?;
    let user = single.get("userId").and_then(Value::as_str).ok_or_else(|| Refusal::api("invalid.user"))?;
    Ok(Place { space_type: SpaceType::ImRobot, id: user.to_owned() })
}
