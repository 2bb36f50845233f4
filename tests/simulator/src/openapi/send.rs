//! What an application's robot sends: to users, into a group, into a chat of two people.

use serde_json::{Value, json};

use super::call::Call;
use super::sent::{Message, Way};
use super::{Outcome, templates};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const MOST_USERS: usize = 20;

pub(super) fn describe(call: &Call) -> Value {
    json!({
        "path": call.path,
        "robotCode": call.body.get("robotCode"),
        "users": call.body.get("userIds"),
        "conversationId": call.body.get("openConversationId"),
        "coolAppCode": call.body.get("coolAppCode"),
        "msgKey": call.body.get("msgKey"),
        "msgParam": templates::param(call),
    })
}

pub(super) fn to_users(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    let robot = check_robot(platform, caller, call, "invalidParameter.robotCode.notExsit")?;
    let users = call.list("userIds");
    if users.is_empty() {
        return Err(Refusal::api("invalidParameter.userIds.empty"));
    }
    if users.len() > MOST_USERS {
        return Err(Refusal::api("invalidParameter.userIds.overMax"));
    }
    let users: Option<Vec<_>> = users.iter().map(|user| user.as_str().filter(|user| !user.is_empty())).collect();
    let users = users.ok_or_else(|| Refusal::api("invalidParameter.userId.empty"))?;
    templates::check(call)?;

    let settings = platform.settings.get();
    let is_known = |user: &str| settings.known_users.as_ref().is_none_or(|known| known.iter().any(|one| one == user));
    let (known, invalid): (Vec<_>, Vec<_>) = users.into_iter().partition(|user| is_known(user));
    let is_held_back = |user: &str| settings.flow_controlled_users.iter().any(|one| one == user);
    let (held_back, reached): (Vec<_>, Vec<_>) = known.into_iter().partition(|user| is_held_back(user));
    let message = Message::new(Way::Users, caller, robot, None).to(&reached);
    Ok(json!({
        "processQueryKey": platform.sent.add(platform, message),
        "invalidStaffIdList": invalid,
        "flowControlledStaffIdList": held_back,
    }))
}

pub(super) fn to_group(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    to_conversation(platform, caller, call, Way::Group)
}

pub(super) fn to_private_chat(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    call.text("coolAppCode").ok_or_else(|| Refusal::api("invalidParameter.robotCode.coolApp"))?;
    to_conversation(platform, caller, call, Way::PrivateChat)
}

fn to_conversation(platform: &Platform, caller: &Caller, call: &Call, way: Way) -> Outcome {
    let robot = check_robot(platform, caller, call, "invalidParameter.robotCode.auth")?;
    let conversation = check_conversation(platform, call)?;
    templates::check(call)?;
    let message = Message::new(way, caller, robot, Some(conversation));
    Ok(json!({"processQueryKey": platform.sent.add(platform, message)}))
}

fn check_robot<'a>(
    platform: &Platform,
    caller: &Caller,
    call: &'a Call,
    code_of_another: &str,
) -> Result<&'a str, Refusal> {
    let robot = call.text("robotCode").ok_or_else(|| Refusal::api("invalidParameter.robotCode.empty"))?;
    if is_robot_of(platform, caller, robot) { Ok(robot) } else { Err(Refusal::api(code_of_another)) }
}

/// An application's robot has its client id for a code; the setting adds others.
pub(crate) fn is_robot_of(platform: &Platform, caller: &Caller, robot: &str) -> bool {
    robot == caller.client_id || platform.settings.get().robot_codes.iter().any(|code| code == robot)
}

pub(super) fn check_conversation<'a>(platform: &Platform, call: &'a Call) -> Result<&'a str, Refusal> {
    let conversation = call.text("openConversationId").ok_or_else(|| Refusal::api("miss.openConversationId"))?;
    let known = platform.settings.get().known_conversations;
    if known.is_none_or(|known| known.iter().any(|one| one == conversation)) {
        Ok(conversation)
    } else {
        Err(Refusal::api("invalid.openConversationId"))
    }
}
