//! Many waiting messages as one: what overflow does not lose, it tells together.

use std::collections::HashMap;

use serde_json::Value;

use crate::message::{Body, MENTIONS, Message};

/// What is collected until it can be sent.
#[derive(Default)]
pub(crate) struct Digest {
    /// Each text once, with how often it came, in the order of its first coming.
    entries: Vec<(String, usize)>,
    places: HashMap<String, usize>,
    /// What entries and mentions take of the message's JSON.
    bytes: usize,
    left_out: usize,
    at_mobiles: Vec<String>,
    at_user_ids: Vec<String>,
    at_all: bool,
}

/// What one digest may hold: well below what a webhook carries, with room for its frame.
const BYTES: usize = 16_000;
/// What one entry shows of a long text.
const ENTRY_BYTES: usize = 1000;
/// An entry may come this often, and still has room for its count.
const MANY: usize = 100_000_000;

impl Digest {
    /// Whether messages of this type can be merged: text, link and markdown.
    pub(crate) fn takes(message: &Message) -> bool {
        matches!(message.body, Body::Text { .. } | Body::Link { .. } | Body::Markdown { .. })
    }

    /// How many messages it stands for.
    pub(crate) fn count(&self) -> usize {
        self.entries.iter().map(|(_, count)| count).sum::<usize>() + self.left_out
    }

    /// Adds a message. What no longer fits is counted.
    pub(crate) fn add(&mut self, message: &Message) {
        let text = match &message.body {
            Body::Text { content } => content.trim().to_owned(),
            Body::Link { title, text, url, .. } => format!("[{title}]({}) {text}", url.0),
            Body::Markdown { title, text } => format!("**{title}** {text}"),
            _ => return,
        };
        self.mention(&message.at_mobiles, &message.at_user_ids, message.at_all);
        self.add_text(shortened(&text), 1);
    }

    /// Takes over what another one collected later.
    pub(crate) fn join(&mut self, more: Self) {
        self.mention(&more.at_mobiles, &more.at_user_ids, more.at_all);
        self.left_out += more.left_out;
        for (text, times) in more.entries {
            self.add_text(text, times);
        }
    }

    fn add_text(&mut self, text: String, times: usize) {
        if let Some(place) = self.places.get(&text) {
            self.entries[*place].1 += times;
            return;
        }
        let bytes = json_bytes(item(&text, MANY));
        if self.bytes + bytes > BYTES {
            self.left_out += times;
        } else {
            self.bytes += bytes;
            self.places.insert(text.clone(), self.entries.len());
            self.entries.push((text, times));
        }
    }

    /// Mentions of all messages together, as many as one message takes.
    fn mention(&mut self, mobiles: &[String], user_ids: &[String], all: bool) {
        self.at_all |= all;
        for (known, more) in [(&mut self.at_mobiles, mobiles), (&mut self.at_user_ids, user_ids)] {
            for who in more {
                // It stands in the text, too: that is where it is shown.
                let bytes = 2 * json_bytes(format!("@{who} "));
                if known.len() < MENTIONS && self.bytes + bytes <= BYTES && !known.contains(who) {
                    self.bytes += bytes;
                    known.push(who.clone());
                }
            }
        }
    }

    /// One markdown message with everything, and the keyword that the robot insists on.
    pub(crate) fn into_message(self, keyword: &str) -> Message {
        let count = self.count();
        let title = match keyword {
            "" => format!("{count} messages"),
            keyword => format!("{keyword}: {count} messages"),
        };
        let mut text = format!("#### {title}\n\n");
        for (entry, times) in &self.entries {
            text += &item(entry, *times);
        }
        if self.left_out > 0 {
            text += &format!("- … and {} more\n", self.left_out);
        }
        let mut message = Message::markdown(title, text);
        (message.at_mobiles, message.at_user_ids, message.at_all) = (self.at_mobiles, self.at_user_ids, self.at_all);
        message
    }
}

fn item(text: &str, times: usize) -> String {
    let times = if times > 1 { format!(" (× {times})") } else { String::new() };
    format!("- {}{times}\n", text.replace('\n', "  \n  "))
}

/// Control characters and quotes take more there.
fn json_bytes(text: String) -> usize {
    Value::from(text).to_string().len()
}

fn shortened(text: &str) -> String {
    if text.len() <= ENTRY_BYTES {
        return text.to_owned();
    }
    let end = (0..=ENTRY_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(message: &Message) -> String {
        message.to_json()["text"].as_str().expect("markdown").to_owned()
    }

    #[test]
    fn what_came_is_told_together_with_counts_and_the_keyword() {
        let mut digest = Digest::default();
        for content in ["disk full on db-3", "disk full on db-3", "load on web-1\nsince noon"] {
            digest.add(&Message::text(content).at_mobile("138"));
        }
        digest.add(&Message::link("graph", "look", "https://g").at_mobile("139"));
        let message = digest.into_message("alert");
        assert_eq!(
            text(&message),
            "#### alert: 4 messages\n\n- disk full on db-3 (× 2)\n- load on web-1  \n  since noon\n- [graph](https://g) look\n"
        );
        assert_eq!(message.at_mobiles, ["138", "139"]);
    }

    #[test]
    fn however_many_come_it_stays_sendable() {
        for padding in ["", "字", "\"", "\n", "\u{1}"] {
            let mut digest = Digest::default();
            for index in 0..10_000 {
                let who = format!("{index:0>64}");
                let message = Message::text(format!("{index} {}", padding.repeat(2000)));
                digest.add(&message.at_user(&who).at_mobile(who));
            }
            assert_eq!(digest.count(), 10_000);
            let message = digest.into_message("alert");
            assert!(message.to_webhook().is_ok() && text(&message).contains("more"), "{padding:?}");
        }
    }

    #[test]
    fn a_card_is_no_part_of_a_digest() {
        assert!(!Digest::takes(&Message::feed_card([])));
        assert!(Digest::takes(&Message::text("x")) && Digest::takes(&Message::link("t", "x", "u")));
    }
}
