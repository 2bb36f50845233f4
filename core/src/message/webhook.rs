//! The body that session webhooks and custom robots take (document 0717 of the open platform), written as it is sent.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::encode::{Line, json};
use super::{Body, Button, Entry, Message, markdown, size};
use crate::error::{Result, argument};

impl Message {
    /// The webhook body. Who is mentioned must also stand in the text, or DingTalk shows no mention.
    ///
    /// # Errors
    /// `argument` for a type that no webhook carries, and for more mentions than DingTalk takes; `too_large` above its
    /// bound.
    pub(crate) fn to_webhook(&self) -> Result<String> {
        self.to_robot("")
    }

    /// The same with an id, under which DingTalk shows what comes twice once; none where that is empty.
    pub(crate) fn to_robot(&self, uuid: &str) -> Result<String> {
        self.check()?;
        size::check_mentions(self)?;
        let (name, part) = self.part()?;
        let body = json(&Whole { name, part, message: self, uuid }, self.text_len());
        size::check_webhook(&body)?;
        Ok(body)
    }

    fn part(&self) -> Result<(&'static str, Part<'_>)> {
        Ok(match &self.body {
            Body::Text { content } => ("text", Part::Text { content: self.with_mentions(content) }),
            Body::Markdown { title, text } => ("markdown", Part::Markdown { title, text: self.with_mentions(text) }),
            Body::Link { title, text, url, picture } => {
                ("link", Part::Link { text, title, pic_url: &picture.0, message_url: &url.0 })
            }
            Body::ActionCard { title, text, buttons, horizontal } => {
                let btn_orientation = if *horizontal { "1" } else { "0" };
                // With `singleTitle` DingTalk ignores `btns`, so there is never both.
                let (single, btns) = match buttons.as_slice() {
                    [only] => (Some(only), None),
                    several => (None, Some(several.iter().map(Btn::of).collect())),
                };
                let (single_title, single_url) = (single.map(|only| &*only.title), single.map(|only| &*only.url));
                let text = self.with_mentions(text);
                ("actionCard", Part::ActionCard { title, text, btn_orientation, single_title, single_url, btns })
            }
            Body::FeedCard { entries } => {
                ("feedCard", Part::FeedCard { links: entries.iter().map(Link::of).collect() })
            }
            Body::Image { .. } | Body::Audio { .. } | Body::File { .. } | Body::Video { .. } => {
                return Err(argument(format!("a webhook carries no {} message", self.type_name()))
                    .hint("send it by OpenAPI, or put a picture into markdown as ![](media id)"));
            }
        })
    }

    /// Whether a webhook shows no mention in a message of this type.
    pub(crate) fn webhook_loses_mentions(&self) -> bool {
        self.mentions() && matches!(self.body, Body::Link { .. } | Body::FeedCard { .. })
    }

    fn with_mentions<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut rendered = Cow::Borrowed(text);
        for mention in self.at_mobiles.iter().chain(&self.at_user_ids).map(|who| markdown::mention(who)) {
            if !text.contains(&mention) {
                let rendered = rendered.to_mut();
                rendered.push(' ');
                rendered.push_str(&mention);
            }
        }
        rendered
    }
}

struct Whole<'a> {
    name: &'static str,
    part: Part<'a>,
    message: &'a Message,
    uuid: &'a str,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let message = self.message;
        let mut body = to.serialize_map(None)?;
        body.serialize_entry("msgtype", self.name)?;
        body.serialize_entry(self.name, &self.part)?;
        if message.mentions() && !message.webhook_loses_mentions() {
            let (at_mobiles, at_user_ids) = (&message.at_mobiles, &message.at_user_ids);
            body.serialize_entry("at", &At { at_mobiles, at_user_ids, is_at_all: message.at_all })?;
        }
        if !self.uuid.is_empty() {
            body.serialize_entry("msgUuid", self.uuid)?;
        }
        body.end()
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct At<'a> {
    at_mobiles: &'a [String],
    at_user_ids: &'a [String],
    is_at_all: bool,
}

/// The casing is DingTalk's, which differs from type to type.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Text {
        content: Line<'a>,
    },
    Markdown {
        title: &'a str,
        text: Line<'a>,
    },
    #[serde(rename_all = "camelCase")]
    Link {
        text: &'a str,
        title: &'a str,
        pic_url: &'a str,
        message_url: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    ActionCard {
        title: &'a str,
        text: Line<'a>,
        btn_orientation: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        single_title: Option<&'a str>,
        #[serde(rename = "singleURL", skip_serializing_if = "Option::is_none")]
        single_url: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        btns: Option<Vec<Btn<'a>>>,
    },
    FeedCard {
        links: Vec<Link<'a>>,
    },
}

#[derive(serde::Serialize)]
struct Btn<'a> {
    title: &'a str,
    #[serde(rename = "actionURL")]
    url: &'a str,
}

impl<'a> Btn<'a> {
    fn of(button: &'a Button) -> Self {
        Self { title: &button.title, url: &button.url }
    }
}

#[derive(serde::Serialize)]
struct Link<'a> {
    title: &'a str,
    #[serde(rename = "messageURL")]
    url: &'a str,
    #[serde(rename = "picURL")]
    picture: &'a str,
}

impl<'a> Link<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self { title: &entry.title, url: &entry.url, picture: &entry.picture }
    }
}
