//! What is sent: one type, encoded for the way it takes.

mod assistant;
mod encode;
mod field;
pub mod markdown;
mod openapi;
mod size;
#[cfg(test)]
mod tests;
mod webhook;

use std::fmt;

use serde_json::{Map, Value};

use crate::error::{Result, argument};
pub(crate) use field::Optional;
use field::{Address, FieldValue, Flaw, read};
pub use field::{Button, Entry, FieldKind};
pub(crate) use openapi::Encoded;
pub(crate) use size::MENTIONS;

/// One field of a message, for those who write the builders of other languages.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// Its name in snake case.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// What it means.
    pub doc: &'static str,
}

/// One type of message.
#[derive(Debug, Clone, Copy)]
pub struct MessageSpec {
    /// Its name in snake case: the value of `type` in JSON.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields, in the order in which builders take them.
    pub fields: &'static [FieldSpec],
}

/// How each [`FieldKind`] is kept.
macro_rules! holds {
    (Text) => { String };
    (Optional) => { Optional };
    (Address) => { Address };
    (Int) => { u64 };
    (Flag) => { bool };
    (Buttons) => { Vec<Button> };
    (Entries) => { Vec<Entry> };
}

macro_rules! messages {
    ($($(#[doc = $doc:literal])+ $name:ident $variant:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $kind:ident,)+
    })+) => {
        #[derive(Clone, PartialEq, Eq)]
        pub(crate) enum Body {
            $($variant { $($field: holds!($kind),)+ },)+
        }

        /// Every type of message, for those who write the builders of other languages.
        pub const MESSAGES: &[MessageSpec] = &[$(MessageSpec {
            name: stringify!($name),
            doc: concat!($($doc, "\n"),+).trim_ascii(),
            fields: &[$(FieldSpec {
                name: stringify!($field),
                kind: FieldKind::$kind,
                doc: concat!($($field_doc, "\n"),+).trim_ascii(),
            },)+],
        },)+];

        impl Message {
            /// The name of its type.
            pub fn type_name(&self) -> &'static str {
                match &self.body { $(Body::$variant { .. } => stringify!($name),)+ }
            }

            /// Each field: its name and its JSON.
            fn fields(&self) -> Vec<(&'static str, Option<Value>)> {
                match &self.body {
                    $(Body::$variant { $($field,)+ } => vec![$((stringify!($field), $field.write()),)+],)+
                }
            }

            /// What is wrong with a field: something that DingTalk insists on is missing, or an address is none.
            fn flaw(&self) -> Option<(&'static str, Flaw)> {
                match &self.body {
                    $(Body::$variant { $($field,)+ } => {
                        $(if let Some(flaw) = $field.flaw() {
                            return Some((stringify!($field), flaw));
                        })+
                    })+
                }
                None
            }

            /// How many bytes its texts have together.
            fn text_len(&self) -> usize {
                match &self.body { $(Body::$variant { $($field,)+ } => 0 $(+ $field.text_len())+,)+ }
            }

            fn read_body(name: &str, object: &Map<String, Value>) -> Result<Body> {
                match name {
                    $(stringify!($name) => Ok(Body::$variant {
                        $($field: read(object, name, stringify!($field))?,)+
                    }),)+
                    _ => Err(argument(format!("there is no message of type {name:?}"))
                        .hint(concat!("the types are", $(" ", stringify!($name)),+))),
                }
            }
        }
    };
}

/// A message to send. Who is to be mentioned is said once and rendered where the type needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    pub(crate) body: Body,
    pub(crate) at_mobiles: Vec<String>,
    pub(crate) at_user_ids: Vec<String>,
    pub(crate) at_all: bool,
}

messages! {
    /// Plain text.
    text Text {
        /// The text.
        content: Text,
    }
    /// Text in DingTalk's subset of markdown: headings, quotes, bold, italic, links, images and lists.
    markdown Markdown {
        /// What the conversation list and notifications show.
        title: Text,
        /// The markdown.
        text: Text,
    }
    /// A link with a title, a text and maybe a picture.
    link Link {
        /// Its title.
        title: Text,
        /// What stands below it; a long one is cut by DingTalk.
        text: Text,
        /// What it opens.
        url: Address,
        /// Its picture: a URL or a media id.
        picture: Optional,
    }
    /// Markdown with buttons that open links: one, or several below or beside each other.
    action_card ActionCard {
        /// What the conversation list and notifications show.
        title: Text,
        /// The markdown.
        text: Text,
        /// The buttons.
        buttons: Buttons,
        /// Whether the buttons stand beside each other; by OpenAPI that needs exactly two.
        horizontal: Flag,
    }
    /// Several links with pictures. Webhooks alone carry it.
    feed_card FeedCard {
        /// The links.
        entries: Entries,
    }
    /// A picture. OpenAPI alone carries it.
    image Image {
        /// A URL or a media id.
        photo: Text,
    }
    /// A voice message. OpenAPI alone carries it.
    audio Audio {
        /// The media id of an uploaded amr or ogg file.
        media_id: Text,
        /// How long it is, in milliseconds.
        duration_ms: Int,
    }
    /// A file: xlsx, pdf, zip, rar, doc or docx. OpenAPI alone carries it.
    file File {
        /// The media id of the uploaded file.
        media_id: Text,
        /// Its name, whose ending tells its type.
        file_name: Text,
    }
    /// A video (mp4). OpenAPI alone carries it.
    video Video {
        /// The media id of the uploaded video.
        media_id: Text,
        /// The media id of the picture that stands for it.
        cover_media_id: Text,
        /// How long it is, in seconds.
        duration_s: Int,
    }
}

impl Message {
    fn of(body: Body) -> Self {
        Self { body, at_mobiles: Vec::new(), at_user_ids: Vec::new(), at_all: false }
    }

    /// Plain text.
    pub fn text(content: impl Into<String>) -> Self {
        Self::of(Body::Text { content: content.into() })
    }

    /// Text in DingTalk's subset of markdown; the title is what the conversation list and notifications show.
    pub fn markdown(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(Body::Markdown { title: title.into(), text: text.into() })
    }

    /// A link; [`picture`](Self::picture) gives it one.
    pub fn link(title: impl Into<String>, text: impl Into<String>, url: impl Into<String>) -> Self {
        let (title, text, url) = (title.into(), text.into(), url.into());
        Self::of(Body::Link { title, text, url: Address(url), picture: Optional::default() })
    }

    /// Markdown with buttons: one, or several below each other unless [`horizontal`](Self::horizontal) says otherwise.
    pub fn action_card(
        title: impl Into<String>,
        text: impl Into<String>,
        buttons: impl IntoIterator<Item = Button>,
    ) -> Self {
        let (title, text, buttons) = (title.into(), text.into(), buttons.into_iter().collect());
        Self::of(Body::ActionCard { title, text, buttons, horizontal: false })
    }

    /// Several links with pictures. Webhooks alone carry it.
    pub fn feed_card(entries: impl IntoIterator<Item = Entry>) -> Self {
        Self::of(Body::FeedCard { entries: entries.into_iter().collect() })
    }

    /// A picture: a URL or a media id. OpenAPI alone carries it.
    pub fn image(photo: impl Into<String>) -> Self {
        Self::of(Body::Image { photo: photo.into() })
    }

    /// A voice message of so many milliseconds, uploaded before. OpenAPI alone carries it.
    pub fn audio(media_id: impl Into<String>, duration_ms: u64) -> Self {
        Self::of(Body::Audio { media_id: media_id.into(), duration_ms })
    }

    /// A file, uploaded before; the ending of its name tells its type. OpenAPI alone carries it.
    pub fn file(media_id: impl Into<String>, file_name: impl Into<String>) -> Self {
        Self::of(Body::File { media_id: media_id.into(), file_name: file_name.into() })
    }

    /// A video of so many seconds, uploaded before, with the picture that stands for it. OpenAPI alone carries it.
    pub fn video(media_id: impl Into<String>, cover_media_id: impl Into<String>, duration_s: u64) -> Self {
        Self::of(Body::Video { media_id: media_id.into(), cover_media_id: cover_media_id.into(), duration_s })
    }

    /// Gives a link its picture: a URL or a media id. Other types have none and stay as they are.
    #[must_use]
    pub fn picture(mut self, url: impl Into<String>) -> Self {
        if let Body::Link { picture, .. } = &mut self.body {
            *picture = Optional(url.into());
        }
        self
    }

    /// Adds a button to an action card. Other types stay as they are.
    #[must_use]
    pub fn button(mut self, title: impl Into<String>, url: impl Into<String>) -> Self {
        if let Body::ActionCard { buttons, .. } = &mut self.body {
            buttons.push(Button::new(title, url));
        }
        self
    }

    /// Adds a link to a feed card. Other types stay as they are.
    #[must_use]
    pub fn entry(mut self, title: impl Into<String>, url: impl Into<String>, picture: impl Into<String>) -> Self {
        if let Body::FeedCard { entries } = &mut self.body {
            entries.push(Entry::new(title, url, picture));
        }
        self
    }

    /// Puts the buttons of an action card beside each other. Other types stay as they are.
    #[must_use]
    pub fn horizontal(mut self) -> Self {
        if let Body::ActionCard { horizontal, .. } = &mut self.body {
            *horizontal = true;
        }
        self
    }

    /// Mentions the member with this mobile number.
    #[must_use]
    pub fn at_mobile(mut self, mobile: impl Into<String>) -> Self {
        self.at_mobiles.push(mobile.into());
        self
    }

    /// Mentions the member with this user id (staff id).
    #[must_use]
    pub fn at_user(mut self, user_id: impl Into<String>) -> Self {
        self.at_user_ids.push(user_id.into());
        self
    }

    /// Mentions everybody.
    #[must_use]
    pub fn at_all(mut self) -> Self {
        self.at_all = true;
        self
    }

    /// Whether somebody is to be mentioned.
    pub(crate) fn mentions(&self) -> bool {
        self.at_all || !self.at_mobiles.is_empty() || !self.at_user_ids.is_empty()
    }

    /// A message from JSON: `{"type":"markdown","title":…,"text":…,"at_mobiles":[…],"at_user_ids":[…],"at_all":true}`.
    ///
    /// # Errors
    /// `argument` for anything else, naming what is wrong.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| argument(format!("the message is not JSON (line {})", error.line())))?;
        let object = value.as_object().ok_or_else(|| argument("the message is not a JSON object"))?;
        let name = object.get("type").and_then(Value::as_str).ok_or_else(|| argument("the message has no type"))?;
        let mut message = Self::of(Self::read_body(name, object)?);
        message.at_mobiles = texts_of(object, "at_mobiles")?;
        message.at_user_ids = texts_of(object, "at_user_ids")?;
        message.at_all = match object.get("at_all") {
            None | Some(Value::Null) => false,
            Some(value) => value.as_bool().ok_or_else(|| argument("at_all takes true or false"))?,
        };
        let known = |key: &str| {
            matches!(key, "type" | "at_mobiles" | "at_user_ids" | "at_all")
                || message.fields().iter().any(|(field, ..)| *field == key)
        };
        match object.keys().find(|key| !known(key)) {
            Some(key) => Err(argument(format!("a {name} message has no field {key:?}"))),
            None => Ok(message),
        }
    }

    /// The message as JSON, in the shape that [`from_json`](Self::from_json) takes.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("type".to_owned(), self.type_name().into());
        for (name, value) in self.fields() {
            object.extend(value.map(|value| (name.to_owned(), value)));
        }
        for (name, list) in [("at_mobiles", &self.at_mobiles), ("at_user_ids", &self.at_user_ids)] {
            if !list.is_empty() {
                object.insert(name.to_owned(), list.as_slice().into());
            }
        }
        if self.at_all {
            object.insert("at_all".to_owned(), true.into());
        }
        Value::Object(object)
    }

    /// Refuses what DingTalk would refuse, whatever way it takes.
    pub(crate) fn check(&self) -> Result<()> {
        self.flaw().map_or(Ok(()), |(field, flaw)| Err(flaw.of(self.type_name(), field)))
    }
}

impl fmt::Debug for Message {
    /// Shows the type alone: the text is what a person reads, and belongs in no log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", self.type_name())
    }
}

fn texts_of(object: &Map<String, Value>, field: &str) -> Result<Vec<String>> {
    let wrong = || argument(format!("{field} takes a list of texts"));
    match object.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => {
            list.iter().map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
        }
        Some(_) => Err(wrong()),
    }
}
