//! The `msgKey` and `msgParam` that the robot's OpenAPI takes (document 0699 of the open platform).

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::encode::json;
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
        let (key, param) = self.param()?;
        let param = json(&param, self.text_len());
        size::check_param(&param)?;
        Ok(Encoded { key, param })
    }

    fn param(&self) -> Result<(&'static str, Param<'_>)> {
        Ok(match &self.body {
            Body::Text { content } => ("sampleText", Param::Text { content }),
            Body::Markdown { title, text } => ("sampleMarkdown", Param::Markdown { title, text }),
            Body::Link { title, text, url, picture } => {
                ("sampleLink", Param::Link { text, title, pic_url: &picture.0, message_url: &url.0 })
            }
            Body::ActionCard { title, text, buttons, horizontal } => {
                let (key, names) = card(buttons.len(), *horizontal)?;
                (key, Param::Card(Card { title, text, buttons, names }))
            }
            Body::Image { photo } => ("sampleImageMsg", Param::Image { photo }),
            Body::Audio { media_id, duration_ms } => {
                ("sampleAudio", Param::Audio { media_id, duration: duration_ms.to_string() })
            }
            Body::File { media_id, file_name } => {
                ("sampleFile", Param::File { media_id, file_name, file_type: ending(file_name)? })
            }
            Body::Video { media_id, cover_media_id, duration_s } => {
                let duration = duration_s.to_string();
                let (video_media_id, pic_media_id) = (media_id, cover_media_id);
                ("sampleVideo", Param::Video { duration, video_media_id, video_type: "mp4", pic_media_id })
            }
            Body::FeedCard { .. } => {
                return Err(argument("OpenAPI carries no feed_card message").hint(
                    "reply with it by session webhook, send it by a custom robot, or send a link or an action card",
                ));
            }
        })
    }
}

#[derive(serde::Serialize)]
#[serde(untagged)]
enum Param<'a> {
    Text {
        content: &'a str,
    },
    Markdown {
        title: &'a str,
        text: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    Link {
        text: &'a str,
        title: &'a str,
        pic_url: &'a str,
        message_url: &'a str,
    },
    Card(Card<'a>),
    Image {
        #[serde(rename = "photoURL")]
        photo: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    Audio {
        media_id: &'a str,
        duration: String,
    },
    #[serde(rename_all = "camelCase")]
    File {
        media_id: &'a str,
        file_name: &'a str,
        file_type: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    Video {
        duration: String,
        video_media_id: &'a str,
        video_type: &'a str,
        pic_media_id: &'a str,
    },
}

/// A card, whose buttons are numbered fields.
struct Card<'a> {
    title: &'a str,
    text: &'a str,
    buttons: &'a [Button],
    names: Names,
}

/// What a button's two fields are called.
type Names = (&'static str, &'static str);

const SINGLE: Names = ("singleTitle", "singleURL");
const BESIDE: Names = ("buttonTitle", "buttonUrl");
const BELOW: Names = ("actionTitle", "actionURL");

impl Serialize for Card<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let (title, url) = self.names;
        let mut card = to.serialize_map(None)?;
        card.serialize_entry("title", self.title)?;
        card.serialize_entry("text", self.text)?;
        for (number, button) in (1..).zip(self.buttons) {
            let number = if self.names == SINGLE { String::new() } else { number.to_string() };
            card.serialize_entry(&format!("{title}{number}"), &button.title)?;
            card.serialize_entry(&format!("{url}{number}"), &button.url)?;
        }
        card.end()
    }
}

fn card(buttons: usize, horizontal: bool) -> Result<(&'static str, Names)> {
    match (buttons, horizontal) {
        (1, _) => Ok(("sampleActionCard", SINGLE)),
        (2, true) => Ok(("sampleActionCard6", BESIDE)),
        (2, false) => Ok(("sampleActionCard2", BELOW)),
        (3, false) => Ok(("sampleActionCard3", BELOW)),
        (4, false) => Ok(("sampleActionCard4", BELOW)),
        (5, false) => Ok(("sampleActionCard5", BELOW)),
        (count, true) => Err(argument(format!("OpenAPI puts no {count} buttons beside each other"))
            .hint("give two of them, or let them stand below each other")),
        (count, false) => {
            Err(argument(format!("OpenAPI carries no action card with {count} buttons")).hint("give up to five"))
        }
    }
}

/// The type of a file, which DingTalk shows and opens by the ending of its name.
fn ending(file_name: &str) -> Result<&str> {
    let found = file_name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| !ending.is_empty());
    found.ok_or_else(|| argument("file_name of the file message has no ending").hint("name it as report.xlsx"))
}
