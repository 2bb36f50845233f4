//! The body that session webhooks and custom robots take.

use serde_json::{Value, json};

use super::{Body, Message};

impl Message {
    /// The webhook body. Who is mentioned must also stand in the text, or DingTalk shows no mention.
    pub(crate) fn to_webhook(&self) -> Value {
        let (name, part) = match &self.body {
            Body::Text { content } => ("text", json!({ "content": self.with_mentions(content) })),
            Body::Markdown { title, text } => ("markdown", json!({ "title": title, "text": self.with_mentions(text) })),
        };
        let mut body = json!({ "msgtype": name });
        body[name] = part;
        if self.at_all || !self.at_mobiles.is_empty() || !self.at_user_ids.is_empty() {
            body["at"] = json!({
                "atMobiles": self.at_mobiles,
                "atUserIds": self.at_user_ids,
                "isAtAll": self.at_all,
            });
        }
        body
    }

    fn with_mentions(&self, text: &str) -> String {
        let mut rendered = text.to_owned();
        for mention in self.at_mobiles.iter().chain(&self.at_user_ids).map(|who| format!("@{who}")) {
            if !text.contains(&mention) {
                rendered.push(' ');
                rendered.push_str(&mention);
            }
        }
        rendered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_documented_body() {
        assert_eq!(Message::text("hi").to_webhook().to_string(), r#"{"msgtype":"text","text":{"content":"hi"}}"#);
        assert_eq!(
            Message::text("我就是我, @180 是不一样的烟火").at_mobile("180").at_user("user123").to_webhook().to_string(),
            r#"{"msgtype":"text","text":{"content":"我就是我, @180 是不一样的烟火 @user123"},"at":{"atMobiles":["180"],"atUserIds":["user123"],"isAtAll":false}}"#
        );
    }

    #[test]
    fn a_markdown_has_the_documented_body() {
        assert_eq!(
            Message::markdown("t", "**x**").at_all().to_webhook().to_string(),
            r#"{"msgtype":"markdown","markdown":{"title":"t","text":"**x**"},"at":{"atMobiles":[],"atUserIds":[],"isAtAll":true}}"#
        );
    }
}
