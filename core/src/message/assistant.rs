//! What an assistant's session webhook takes: a card of DingTalk's own that shows markdown, as the official Python SDK
//! sends it (`graph.py`).

use serde_json::json;

use super::{Body, Message};
use crate::error::{Result, argument};

const TEMPLATE: &str = "d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f.schema";

impl Message {
    /// # Errors
    /// `argument` for any type but text and markdown.
    pub(crate) fn to_assistant(&self) -> Result<String> {
        self.check()?;
        let (Body::Text { content: shown } | Body::Markdown { text: shown, .. }) = &self.body else {
            return Err(argument(format!("an assistant carries no {} message", self.type_name()))
                .hint("reply with markdown or text"));
        };
        Ok(json!({
            "contentType": "ai_card",
            "content": { "templateId": TEMPLATE, "cardData": { "content": shown } },
        })
        .to_string())
    }
}
