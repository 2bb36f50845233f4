//! `POST /v1.0/card/callbacks/register`: where cards call back over HTTP. The simulator never does.

use serde_json::json;

use super::body::required;
use crate::openapi::{Call, Outcome};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

pub(crate) fn register(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let key = required(call, "callbackRouteKey", "param.callbackRouteKeyEmpty")?;
    let url = required(call, "callbackUrl", "param.callbackUrlEmpty")?;
    let force = call.body.get("forceUpdate").is_some_and(|force| force == true);
    let place = (caller.client_id.clone(), key.to_owned());
    let mut world = platform.cards.lock();
    if !force && world.routes.contains_key(&place) {
        return Err(Refusal::api("param.callbackRouteKeyExist"));
    }
    world.routes.insert(place, url.to_owned());
    let secret = call.text("apiSecret").map_or_else(|| platform.dice.hex(), str::to_owned);
    Ok(json!({"success": true, "result": {"callbackUrl": url, "apiSecret": secret}}))
}
