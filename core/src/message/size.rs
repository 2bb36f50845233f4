//! Sizes, in bytes, before anything is sent: DingTalk cuts or refuses what is larger, at times after it was counted.

use super::Message;
use crate::error::{Error, ErrorKind, Result, argument};

/// Of a webhook's body. Not in the documents; the platform's error 460101 names it.
pub(crate) const WEBHOOK_BYTES: usize = 20_000;
/// Of `msgParam` (document 0716).
pub(crate) const PARAM_BYTES: usize = 15_000;
/// Of each list of mentions (seed of the custom robot's page).
pub(crate) const MENTIONS: usize = 50;

pub(super) fn check_mentions(message: &Message) -> Result<()> {
    for (name, list) in [("at_mobiles", &message.at_mobiles), ("at_user_ids", &message.at_user_ids)] {
        if list.len() > MENTIONS {
            return Err(argument(format!("{name} holds {} entries, and DingTalk takes {MENTIONS}", list.len()))
                .hint("mention fewer people, or everybody"));
        }
    }
    Ok(())
}

pub(super) fn check_webhook(body: &str) -> Result<()> {
    check(body.len(), WEBHOOK_BYTES, "a webhook")
}

pub(super) fn check_param(param: &str) -> Result<()> {
    check(param.len(), PARAM_BYTES, "OpenAPI")
}

fn check(bytes: usize, bound: usize, way: &str) -> Result<()> {
    if bytes <= bound {
        return Ok(());
    }
    Err(Error::new(ErrorKind::TooLarge, format!("the message takes {bytes} bytes and {way} carries {bound}"))
        .hint("shorten it, or split a long markdown with markdown::split"))
}
