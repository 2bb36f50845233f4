//! How a card session writes: every option once, with its kind, default and documentation.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::config::options;
use crate::error::{Result, config};
use crate::openapi::card::{AI_MARKDOWN, templates};

/// What a card costs that its text does not pass through: it is created, gets its last text, and its state.
pub(super) const FIXED_CALLS: usize = 3;
/// What a card shows that has no text.
pub(super) const NO_TEXT: &str = "…";

options! {
    /// How a card session writes: public fields, checked when the session is opened.
    struct CardOptions {}
    /// Every option of a card session, in the order in which documentation shows them.
    const CARD_OPTIONS;
    /// What the card shows until there is text. Where nothing follows, it is what the card ends with, unless it was left at
    /// its default: then that is the fallback.
    text: String = NO_TEXT.to_owned(), "…";
    /// What the card ends with where it fails or is dropped, and where there is nothing else to show.
    fallback: String = "⚠️ 回答中断了 (the answer was interrupted)".to_owned(), "⚠️ 回答中断了 (the answer was interrupted)";
    /// The template: an AI card of your own from the card platform, published, with the streaming switch on for the variable
    /// `key`. Empty means the AI markdown one that DingTalk publishes for everyone.
    template: String = String::new(), "";
    /// The variable of your own template that streams, of type markdown.
    key: String = String::new(), "";
    /// Values for other variables of the template, of any type; of the public one `msgTitle` and `logo`.
    data: Map<String, Value> = Map::new(), "";
    /// What the conversation list shows; empty means what DingTalk makes of the card.
    last_message: String = String::new(), "";
    /// How many calls a session makes at most, its creation and end among them, so that a month's quota lasts. The text is shown
    /// soon at first and then ever less often: with 12 it grows for about half a minute, and what comes later is shown at
    /// the end. Each further card takes three of them, also where none is left; what is tried again because DingTalk failed
    /// is not counted. At least 3.
    max_calls: usize = 12, "12";
    /// How many characters one card holds; beyond it the text goes on in a further card. DingTalk advises 3,000, and shows a
    /// blank card above.
    max_chars: usize = 3000, "3000";
    /// How long one update of the text may take, so that a slow one does not hold back the next.
    update_timeout_ms: Duration = Duration::from_secs(5), "5000";
    /// How long the beginning and the end of a card are tried again where DingTalk can't be reached; then the text goes out as a
    /// message.
    try_for_ms: Duration = Duration::from_secs(60), "60000";
}

impl fmt::Debug for CardOptions {
    /// Shows no texts: they are what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardOptions").field("template", &self.template).field("key", &self.key).finish_non_exhaustive()
    }
}

impl CardOptions {
    /// Options with this text to begin with.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn checked(mut self) -> Result<Self> {
        match (self.template.as_str(), self.key.as_str()) {
            ("" | AI_MARKDOWN, "") => {
                self.template = AI_MARKDOWN.to_owned();
                self.key = templates::AI_KEY.to_owned();
            }
            (_, "") => {
                return Err(config("the session has a template and no key")
                    .hint("name the variable of the template that streams"));
            }
            ("", _) => return Err(config("the session has a key and no template")),
            _ => {}
        }
        if self.max_calls < FIXED_CALLS {
            return Err(config(format!("max_calls is at least {FIXED_CALLS}")).hint("a card is created, and it ends"));
        }
        if self.max_chars < 100 {
            return Err(config("max_chars is at least 100"));
        }
        if self.fallback.trim().is_empty() {
            return Err(config("the fallback is empty").hint("a card can't show nothing"));
        }
        Ok(self)
    }

    /// Whether it is the template whose state is a variable.
    pub(super) fn is_public(&self) -> bool {
        self.template == AI_MARKDOWN && self.key == templates::AI_KEY
    }
}
