//! The body that session webhooks and custom robots take (document 0717 of the open platform).

use serde_json::{Value, json};

use super::{Body, Button, Message, markdown, size};
use crate::error::{Result, argument};

impl Message {
    /// The webhook body. Who is mentioned must also stand in the text, or DingTalk shows no mention.
    ///
    /// # Errors
    /// `argument` for a type that no webhook carries, and for more mentions than DingTalk takes; `too_large` above its
    /// bound.
    pub(crate) fn to_webhook(&self) -> Result<Value> {
        self.check()?;
        size::check_mentions(self)?;
        let (name, part) = match &self.body {
            Body::Text { content } => ("text", json!({ "content": self.with_mentions(content) })),
            Body::Markdown { title, text } => ("markdown", json!({ "title": title, "text": self.with_mentions(text) })),
            Body::Link { title, text, url, picture } => {
                ("link", json!({ "text": text, "title": title, "picUrl": picture.0, "messageUrl": url }))
            }
            Body::ActionCard { title, text, buttons, horizontal } => {
                ("actionCard", action_card(title, &self.with_mentions(text), buttons, *horizontal))
            }
            Body::FeedCard { entries } => {
                let links = entries
                    .iter()
                    .map(|entry| json!({ "title": entry.title, "messageURL": entry.url, "picURL": entry.picture }));
                ("feedCard", json!({ "links": links.collect::<Value>() }))
            }
            Body::Image { .. } | Body::Audio { .. } | Body::File { .. } | Body::Video { .. } => {
                return Err(argument(format!("a webhook carries no {} message", self.type_name()))
                    .hint("send it by OpenAPI, or put a picture into markdown as ![](media id)"));
            }
        };
        let mut body = json!({ "msgtype": name });
        body[name] = part;
        if self.mentions() && !matches!(self.body, Body::Link { .. } | Body::FeedCard { .. }) {
            body["at"] = json!({
                "atMobiles": self.at_mobiles,
                "atUserIds": self.at_user_ids,
                "isAtAll": self.at_all,
            });
        }
        size::check_webhook(&body)?;
        Ok(body)
    }

    /// Whether a webhook shows no mention in a message of this type.
    pub(crate) fn webhook_loses_mentions(&self) -> bool {
        self.mentions() && matches!(self.body, Body::Link { .. } | Body::FeedCard { .. })
    }

    fn with_mentions(&self, text: &str) -> String {
        let mut rendered = text.to_owned();
        for mention in self.at_mobiles.iter().chain(&self.at_user_ids).map(|who| markdown::mention(who)) {
            if !text.contains(&mention) {
                rendered.push(' ');
                rendered.push_str(&mention);
            }
        }
        rendered
    }
}

fn action_card(title: &str, text: &str, buttons: &[Button], horizontal: bool) -> Value {
    let mut card = json!({ "title": title, "text": text, "btnOrientation": if horizontal { "1" } else { "0" } });
    // With `singleTitle` DingTalk ignores `btns`, so there is never both.
    match buttons {
        [only] => {
            card["singleTitle"] = only.title.as_str().into();
            card["singleURL"] = only.url.as_str().into();
        }
        several => {
            let button = |button: &Button| json!({ "title": button.title, "actionURL": button.url });
            card["btns"] = several.iter().map(button).collect();
        }
    }
    card
}
