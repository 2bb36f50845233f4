//! What a card's callbacks carry, field by field as DingTalk sends it.

use serde_json::{Value, json};

use super::click::Click;
use crate::payloads::CORP_ID;
use crate::platform::Platform;
use crate::push_request::PushRequest;

/// A click.
pub(crate) fn action(platform: &Platform, request: &PushRequest, click: Option<&Click>) -> Value {
    let action = request.action_id.as_deref().unwrap_or("agree");
    let actions = request.action_ids.clone().unwrap_or_else(|| vec![action.to_owned()]);
    let user = click.map(|click| click.user.as_str()).or(request.clicking_user());
    let space = click.map(|click| click.space_id.as_str()).or(request.clicked_space());
    let params = request.params.clone().unwrap_or_else(|| json!({"action": "agree"}));
    let content = json!({"cardPrivateData": {"actionIds": actions, "params": params}}).to_string();
    json!({
        "extension": "{}",
        "corpId": CORP_ID,
        "spaceType": click.map_or("im", |click| click.space_type),
        "userIdType": click.map_or(1, |click| click.user_id_type),
        "type": "actionCallback",
        "userId": user.unwrap_or("manager7543"),
        "content": content,
        "spaceId": space.unwrap_or("cidZ3JvdXA="),
        "outTrackId": out_track_id(platform, request),
        "value": content,
    })
}

/// A card that asks for its dynamic data.
pub(crate) fn query(platform: &Platform, request: &PushRequest) -> Value {
    let sources = request.dynamic.clone().unwrap_or_else(|| vec!["source-1".to_owned()]);
    let sources: Vec<_> = sources.iter().map(|id| json!({"dynamicDataSourceId": id})).collect();
    let content = json!({"dynamicDataSourceQueryRequests": sources}).to_string();
    json!({
        "type": "dynamicDataCallback",
        "corpId": CORP_ID,
        "userId": request.clicking_user().unwrap_or("manager7543"),
        "outTrackId": out_track_id(platform, request),
        "content": content,
    })
}

fn out_track_id(platform: &Platform, request: &PushRequest) -> String {
    request.out_track_id.clone().unwrap_or_else(|| platform.dice.uuid())
}
