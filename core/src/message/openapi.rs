//! The `msgKey` and `msgParam` that the robot's OpenAPI takes (document 0699 of the open platform).

use serde_json::{Value, json};

use super::{Body, Button, Message, size};
use crate::error::{Result, argument};

/// A message as OpenAPI takes it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub(crate) key: &'static str,
    /// A JSON text inside the JSON of the request.
    pub(crate) param: String,
}

impl Message {
    /// # Errors
    /// `argument` for what OpenAPI does not carry; `too_large` above its bound.
    pub(crate) fn to_openapi(&self) -> Result<Encoded> {
        self.check()?;
        let (key, param) = match &self.body {
            Body::Text { content } => ("sampleText", json!({ "content": content })),
            Body::Markdown { title, text } => ("sampleMarkdown", json!({ "title": title, "text": text })),
            Body::Link { title, text, url, picture } => {
                ("sampleLink", json!({ "text": text, "title": title, "picUrl": picture.0, "messageUrl": url }))
            }
            Body::ActionCard { title, text, buttons, horizontal } => action_card(title, text, buttons, *horizontal)?,
            Body::Image { photo } => ("sampleImageMsg", json!({ "photoURL": photo })),
            Body::Audio { media_id, duration_ms } => {
                ("sampleAudio", json!({ "mediaId": media_id, "duration": duration_ms.to_string() }))
            }
            Body::File { media_id, file_name } => {
                ("sampleFile", json!({ "mediaId": media_id, "fileName": file_name, "fileType": ending(file_name)? }))
            }
            Body::Video { media_id, cover_media_id, duration_s } => (
                "sampleVideo",
                json!({
                    "duration": duration_s.to_string(),
                    "videoMediaId": media_id,
                    "videoType": "mp4",
                    "picMediaId": cover_media_id,
                }),
            ),
            Body::FeedCard { .. } => {
                return Err(argument("OpenAPI carries no feed_card message").hint(
                    "reply with it by session webhook, send it by a custom robot, or send a link or an action card",
                ));
            }
        };
        let param = param.to_string();
        size::check_param(&param)?;
        Ok(Encoded { key, param })
    }
}

fn action_card(title: &str, text: &str, buttons: &[Button], horizontal: bool) -> Result<(&'static str, Value)> {
    let mut param = json!({ "title": title, "text": text });
    let (key, title, url) = match (buttons.len(), horizontal) {
        (1, _) => {
            param["singleTitle"] = buttons[0].title.as_str().into();
            param["singleURL"] = buttons[0].url.as_str().into();
            return Ok(("sampleActionCard", param));
        }
        (2, true) => ("sampleActionCard6", "buttonTitle", "buttonUrl"),
        (2, false) => ("sampleActionCard2", "actionTitle", "actionURL"),
        (3, false) => ("sampleActionCard3", "actionTitle", "actionURL"),
        (4, false) => ("sampleActionCard4", "actionTitle", "actionURL"),
        (5, false) => ("sampleActionCard5", "actionTitle", "actionURL"),
        (count, true) => {
            return Err(argument(format!("OpenAPI puts no {count} buttons beside each other"))
                .hint("give two of them, or let them stand below each other"));
        }
        (count, false) => {
            return Err(
                argument(format!("OpenAPI carries no action card with {count} buttons")).hint("give up to five")
            );
        }
    };
    for (index, button) in buttons.iter().enumerate() {
        param[format!("{title}{}", index + 1)] = button.title.as_str().into();
        param[format!("{url}{}", index + 1)] = button.url.as_str().into();
    }
    Ok((key, param))
}

/// The type of a file, which DingTalk shows and opens by the ending of its name.
fn ending(file_name: &str) -> Result<&str> {
    let found = file_name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| !ending.is_empty());
    found.ok_or_else(|| argument("file_name of the file message has no ending").hint("name it as report.xlsx"))
}
