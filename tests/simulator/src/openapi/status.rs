//! Who has read what a robot sent.

use serde_json::{Value, json};

use super::Outcome;
use super::call::Call;
use super::send::is_robot_of;
use super::sent::{Lost, Message, Way};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const LARGEST_PAGE: usize = 200;

pub(super) fn of_users(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let robot = call.asked("robotCode").filter(|code| !code.is_empty());
    let message = find(platform, caller, Way::Users, robot, call.asked("processQueryKey"))?;
    let read = |user: &String| {
        let status = if message.readers.contains(user) { "READ" } else { "UNREAD" };
        json!({"name": user, "userId": user, "readStatus": status})
    };
    Ok(json!({
        "sendStatus": send_status(&message),
        "messageReadInfoList": message.users.iter().map(read).collect::<Vec<_>>(),
    }))
}

pub(super) fn of_group(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    of_conversation(platform, caller, call, Way::Group)
}

pub(super) fn of_private_chat(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    of_conversation(platform, caller, call, Way::PrivateChat)
}

fn of_conversation(platform: &Platform, caller: &Caller, call: &Call, way: Way) -> Outcome {
    call.must_be_json()?;
    let message = find(platform, caller, way, call.text("robotCode"), call.text("processQueryKey"))?;
    if call.text("openConversationId").is_some_and(|asked| Some(asked) != message.conversation.as_deref()) {
        return Err(Refusal::api("invalid.openConversationId"));
    }
    let size = match call.body.get("maxResults").map(Value::as_u64) {
        None => LARGEST_PAGE,
        Some(size) => size
            .and_then(|size| usize::try_from(size).ok())
            .filter(|size| (1..=LARGEST_PAGE).contains(size))
            .ok_or_else(|| Refusal::api("invalidParameter.pageSize.invalid"))?,
    };
    let from = call.text("nextToken").map_or(Ok(0), str::parse::<usize>);
    let from = from.ok().filter(|from| *from <= message.readers.len());
    let from = from.ok_or_else(|| Refusal::api("invalidParameter.cursor.invalid"))?;
    let to = message.readers.len().min(from + size);
    let mut page = json!({
        "sendStatus": send_status(&message),
        "readUserIds": message.readers[from..to],
        "hasMore": to < message.readers.len(),
    });
    if to < message.readers.len() {
        page["nextToken"] = json!(to.to_string());
    }
    Ok(page)
}

fn find(
    platform: &Platform,
    caller: &Caller,
    way: Way,
    robot: Option<&str>,
    key: Option<&str>,
) -> Result<Message, Refusal> {
    let robot = robot.ok_or_else(|| Refusal::api("invalidParameter.robotCode.missing"))?;
    if !is_robot_of(platform, caller, robot) {
        return Err(Refusal::api("invalidParameter.robotCode.notExsit"));
    }
    let key = key.filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Refusal::api("invalidParameter.processQueryKey.missing"))?;
    platform.sent.find(platform, caller, way, key).map_err(|lost| match lost {
        Lost::Unknown => Refusal::api("invalid.processQueryKey"),
        Lost::Expired => Refusal::api("processQueryKey.expireTime"),
    })
}

fn send_status(message: &Message) -> &'static str {
    if message.recalled { "RECALLED" } else { "SUCCESS" }
}
