//! `PUT /v1.0/card/streaming`: a text that grows while it is read.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::body::{invalid, required};
use super::instance::State;
use crate::openapi::{Call, Outcome};
use crate::platform::Platform;
use crate::settings::Settings;
use crate::token::Caller;
use crate::words::Refusal;

const MOST_BYTES_A_CALL: usize = 1_024;

/// The documents say 1 K a call and want whole texts of up to 3 K in one: nobody knows how strict DingTalk is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum StreamRule {
    /// Only the whole text is limited.
    Loose,
    /// So is what one call brings.
    Strict,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Flags {
    is_full: bool,
    is_finalize: bool,
    is_error: bool,
}

pub(crate) fn stream(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    let id = required(call, "outTrackId", "param.outTrackIdEmpty")?;
    let guid = required(call, "guid", "param.stream.guidEmpty")?;
    let key = required(call, "key", "param.stream.keyEmpty")?;
    let content = required(call, "content", "param.stream.contentEmpty")?;
    let flags = Flags::deserialize(&call.body).map_err(|_| invalid())?;
    let done = json!({"success": true, "result": true});

    let mut world = platform.cards.lock();
    let card = world.instance(&caller.client_id, id).ok().filter(|card| card.state != State::Created);
    let card = card.ok_or_else(|| Refusal::api("param.stream.outTrackId"))?;
    if card.guids.contains(guid) {
        return Ok(done);
    }
    if card.state.is_end() {
        return Err(invalid());
    }
    if !card.template.has(key) {
        return Err(Refusal::api("param.stream.keyEmpty"));
    }
    if card.template.is_markdown(key) && !flags.is_full {
        return Err(Refusal::api("param.stream.isFull"));
    }
    let before = card.params.get(key).filter(|_| !flags.is_full).map_or("", String::as_str);
    let text = format!("{before}{content}");
    check_size(&platform.settings.get(), content, &text)?;

    card.guids.insert(guid.to_owned());
    card.copies.values_mut().for_each(|copy| {
        copy.insert(key.to_owned(), text.clone());
    });
    card.params.insert(key.to_owned(), text);
    card.enter(match flags {
        Flags { is_error: true, .. } => State::Failed,
        Flags { is_finalize: true, .. } => State::Finished,
        Flags { .. } => State::Inputing,
    });
    card.look(platform.clock.now(), "streaming");
    Ok(done)
}

fn check_size(settings: &Settings, content: &str, text: &str) -> Result<(), Refusal> {
    let strict = settings.card_stream_rule == StreamRule::Strict;
    if (strict && content.len() > MOST_BYTES_A_CALL) || text.chars().count() > settings.card_stream_total {
        return Err(Refusal::api("param.stream.content"));
    }
    Ok(())
}
