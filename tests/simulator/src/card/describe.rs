//! What a record of a card's call says: the same fields for all of them, those it has.

use serde_json::{Value, json};

use crate::mask::mask;
use crate::openapi::Call;

pub(crate) fn describe(call: &Call) -> Value {
    let content = call.text("content").or_else(|| call.text("cardData"));
    json!({
        "op": op(call),
        "outTrackId": call.text("outTrackId").or_else(|| call.asked("outTrackId")),
        "cardBizId": call.text("cardBizId"),
        "key": call.body.get("key"),
        "size": content.map(str::len),
        "isFull": call.body.get("isFull"),
        "isFinalize": call.body.get("isFinalize"),
        "isError": call.body.get("isError"),
        "body": mask(call.body.clone()),
    })
}

fn op(call: &Call) -> &'static str {
    match (call.method.as_str(), call.path.as_str()) {
        ("POST", "/v1.0/card/instances") => "create",
        ("POST", "/v1.0/card/instances/createAndDeliver") => "createAndDeliver",
        ("POST", "/v1.0/card/instances/deliver") => "deliver",
        ("PUT", "/v1.0/card/instances") => "update",
        ("PUT", "/v1.0/card/instances/spaces") => "spaces",
        ("PUT", "/v1.0/card/streaming") => "streaming",
        ("POST", "/v1.0/card/tops/close") => "closeTop",
        ("POST", "/v1.0/card/callbacks/register") => "registerCallback",
        ("POST", "/v1.0/im/v1.0/robot/interactiveCards/send") => "sendOrdinary",
        ("PUT", "/v1.0/im/robots/interactiveCards") => "updateOrdinary",
        _ => "updateAway",
    }
}

/// Of either of the two shapes in which answers have them.
pub(crate) fn deliver_results(answer: &Value) -> Option<&Value> {
    let nested = answer.pointer("/result/deliverResults");
    nested.or_else(|| answer.get("result").filter(|result| result.pointer("/0/carrierId").is_some()))
}
