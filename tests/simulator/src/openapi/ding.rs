//! `POST /v1.0/robot/ding/send`: a DING, which rings until it is seen.

use serde_json::{Value, json};

use super::Outcome;
use super::call::Call;
use super::send::is_robot_of;
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const IN_APP: u64 = 1;
const BY_PHONE: u64 = 3;

pub(super) fn describe(call: &Call) -> Value {
    json!({
        "path": call.path,
        "robotCode": call.body.get("robotCode"),
        "users": call.body.get("receiverUserIdList"),
        "remindType": call.body.get("remindType"),
        "content": call.body.get("content"),
    })
}

pub(super) fn send(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    let robot = call.text("robotCode").filter(|robot| is_robot_of(platform, caller, robot));
    robot.ok_or_else(|| Refusal::api("invalid.chatbotId"))?;
    let kind = call.body.get("remindType").and_then(Value::as_u64);
    let kind = kind.filter(|kind| (IN_APP..=BY_PHONE).contains(kind));
    let kind = kind.ok_or_else(|| Refusal::api("invalidParameter.param.invalid"))?;
    let users = call.list("receiverUserIdList");
    if users.is_empty() {
        return Err(Refusal::api("miss.staffId"));
    }
    let too_many = if kind == IN_APP { 200 } else { 20 };
    if users.len() >= too_many {
        return Err(Refusal::api("ding.receivercount.limit"));
    }
    call.text("content").ok_or_else(|| Refusal::api("invalidParameter.param.invalid"))?;
    let known = platform.settings.get().known_users;
    let is_unknown = |user: &&Value| known.as_ref().is_some_and(|known| !known.iter().any(|one| *user == one));
    let unknown: Vec<_> = users.iter().filter(is_unknown).collect();
    let failed = if unknown.is_empty() { json!({}) } else { json!({"miss.staffId": unknown}) };
    Ok(json!({"openDingId": platform.dice.hex(), "failedList": failed}))
}
