//! `POST /v1.0/card/tops/close`: a card leaves the top of a conversation before its time.

use serde_json::json;

use super::space::{Place, SpaceType};
use crate::openapi::{Call, Outcome};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

pub(crate) fn close(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let asked =
        |name: &str, code: &str| call.asked(name).filter(|text| !text.is_empty()).ok_or_else(|| Refusal::api(code));
    let id = asked("outTrackId", "param.outTrackIdEmpty")?;
    let conversation = asked("openConversationId", "param.conversationIdInvalid")?;
    let mut world = platform.cards.lock();
    let spaces = &mut world.instance(&caller.client_id, id)?.spaces;
    let is_there = |place: &Place| place.space_type == SpaceType::OneBox && place.id == conversation;
    let mut tops = spaces.iter_mut().filter(|space| is_there(&space.place)).peekable();
    tops.peek().ok_or_else(|| Refusal::api("param.conversationIdInvalid"))?;
    tops.for_each(|space| space.closed = true);
    Ok(json!({"success": true, "result": true}))
}
