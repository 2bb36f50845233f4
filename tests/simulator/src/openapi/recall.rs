//! Taking back what a robot sent, key by key: each key fails or succeeds for itself.

use serde_json::{Map, Value, json};

use super::Outcome;
use super::call::Call;
use super::send::{check_conversation, is_robot_of};
use super::sent::{Lost, Way};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const MOST_KEYS: usize = 20;

pub(super) fn from_users(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    recall(platform, caller, call, Way::Users, None)
}

pub(super) fn from_group(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    let conversation = check_conversation(platform, call)?;
    recall(platform, caller, call, Way::Group, Some(conversation))
}

pub(super) fn from_private_chat(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    let conversation = check_conversation(platform, call)?;
    recall(platform, caller, call, Way::PrivateChat, Some(conversation))
}

fn recall(platform: &Platform, caller: &Caller, call: &Call, way: Way, conversation: Option<&str>) -> Outcome {
    let robot = call.text("robotCode").filter(|robot| is_robot_of(platform, caller, robot));
    let robot = robot.ok_or_else(|| Refusal::api("invalidParameter.robotCode"))?;
    let keys = call.list("processQueryKeys");
    if keys.is_empty() {
        return Err(Refusal::api("invalidParameter.processQueryKey.missing"));
    }
    if keys.len() > MOST_KEYS {
        return Err(Refusal::api("invalidParameter.processQueryKeys.overMax"));
    }
    let (mut recalled, mut failed) = (Vec::new(), Map::new());
    for key in keys {
        let key = key.as_str().unwrap_or_default();
        let reason = match platform.sent.find(platform, caller, way, key) {
            Err(Lost::Unknown) => "invalid.processQueryKey",
            Err(Lost::Expired) => "robot.processQueryKey.expired",
            Ok(message) if message.robot != robot => "not.allowed.robotCode",
            Ok(message) if message.conversation.as_deref() != conversation => "invalid.processQueryKey",
            Ok(_) => {
                platform.sent.recall(key);
                platform.cards.recall(key);
                recalled.push(key);
                continue;
            }
        };
        failed.insert(key.to_owned(), Value::from(reason));
    }
    Ok(json!({"successResult": recalled, "failedResult": failed}))
}
