//! What a card is created from.

use std::fmt;

use serde_json::{Map, Value, json};

use super::space::Space;
use super::values::{Values, lay};
use super::{standard, templates};
use crate::error::{Result, argument};

/// The longest outTrackId (document C1/0004), in characters.
const TRACK_ID: usize = 100;

/// A card to create: a template, values for its variables, and the spaces where it appears.
#[derive(Clone, PartialEq)]
pub struct Card {
    template: String,
    track_id: String,
    /// Whether the id was made here, so that no other card can have it.
    has_own_id: bool,
    values: Values,
    spaces: Vec<Space>,
    /// What it says of itself in every space: forwarding, search, the line in the conversation list.
    model: Value,
    /// Everything else, as DingTalk spells it.
    more: Map<String, Value>,
}

impl Card {
    /// A card of a template, by its id from the card platform, with an `outTrackId` of its own.
    pub fn new(template: impl Into<String>) -> Self {
        Self {
            template: template.into(),
            track_id: unique(),
            has_own_id: true,
            values: Values::default(),
            spaces: Vec::new(),
            model: json!({ "supportForward": true }),
            more: Map::new(),
        }
    }

    /// The id that it is updated by and that its actions name; it must never have been used before.
    #[must_use]
    pub fn track_id(mut self, id: impl Into<String>) -> Self {
        self.track_id = id.into();
        self.has_own_id = false;
        self
    }

    /// The id that it has.
    pub fn id(&self) -> &str {
        &self.track_id
    }

    /// The value of a variable, of any type: the platform takes texts alone, so everything else becomes its JSON.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.set(name, value);
        self
    }

    /// The value of a variable as one user sees it.
    #[must_use]
    pub fn private_value(mut self, user: &str, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.set_private(user, name, value);
        self
    }

    /// A space where it appears.
    #[must_use]
    pub fn space(mut self, space: Space) -> Self {
        self.spaces.push(space);
        self
    }

    /// What the conversation list shows, in Chinese and in other languages.
    #[must_use]
    pub fn last_message(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.model["lastMessageI18n"] = json!({ "ZH_CN": zh.into(), "EN_US": en.into() });
        self
    }

    /// What a notification says.
    #[must_use]
    pub fn notification(mut self, text: impl Into<String>) -> Self {
        self.model["notification"] = json!({ "alertContent": text.into() });
        self
    }

    /// No notification.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.model["notification"] = json!({ "notificationOff": true });
        self
    }

    /// How it is found: an icon (a media id), the name of its kind, and a description of at most 200 characters.
    #[must_use]
    pub fn search(mut self, icon: &str, kind: &str, description: &str) -> Self {
        let names = json!({ "zh_CN": kind, "en_US": kind }).to_string();
        self.model["searchSupport"] = json!({ "searchIcon": icon, "searchTypeName": names, "searchDesc": description });
        self
    }

    /// Whether people may forward it; true unless said otherwise.
    #[must_use]
    pub fn forwardable(mut self, may: bool) -> Self {
        self.model["supportForward"] = may.into();
        self
    }

    /// Its actions go to the HTTP address that was registered under this key, and not over Stream.
    #[must_use]
    pub fn callback_route(self, key: impl Into<String>) -> Self {
        self.with("callbackType", "HTTP".into()).with("callbackRouteKey", key.into().into())
    }

    /// Any other field, as DingTalk spells it.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: Value) -> Self {
        self.more.insert(field.into(), value);
        self
    }

    /// From JSON: `template` (an id, or `markdown`, `markdown_buttons`, `ai_markdown`, `carousel`), `track_id`, `data`,
    /// `private_data` (by user id), `spaces` (as for [`Space::from_json`]), `last_message` (a text, or texts by language
    /// such as `ZH_CN`), `notification` (a text, or `false` for none), `search` (`{icon, kind, description}`),
    /// `forwardable`, `callback_route`, and any other field as DingTalk spells it.
    ///
    /// The data of the public templates: `markdown` has `title`, `markdown`, `logo`; `markdown_buttons` has `tips` and
    /// `buttons` as well; `ai_markdown` has `title`, `markdown`, `logo`, `buttons`; `carousel` has `title`, `markdown`,
    /// `logo`, `slides` (a list of `{title, image}`) and `button`, a text. A button is `{text, url}`, or `{text, id}` for one
    /// whose click comes as a card action.
    ///
    /// # Errors
    /// `argument` for a known field of another type.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text).map_err(|_| argument("the card is not JSON"))?;
        let Value::Object(object) = value else { return Err(argument("the card is not a JSON object")) };
        let mut card = Self::new("");
        let mut data = Map::new();
        for (name, value) in object {
            match (name.as_str(), value) {
                (_, Value::Null) => {}
                ("template", Value::String(template)) => card.template = template,
                ("track_id", Value::String(id)) => card = card.track_id(id),
                ("data", Value::Object(values)) => data = values,
                ("private_data", Value::Object(users)) if users.values().all(Value::is_object) => {
                    card.values.private = users
                }
                ("spaces", Value::Array(spaces)) => {
                    card.spaces = spaces.iter().map(Space::read).collect::<Result<_>>()?;
                }
                ("last_message", Value::String(text)) => card = card.last_message(text.clone(), text),
                ("last_message", Value::Object(texts)) => card.model["lastMessageI18n"] = texts.into(),
                ("notification", Value::String(text)) => card = card.notification(text),
                ("notification", Value::Bool(false)) => card = card.silent(),
                ("search", value @ Value::Object(_)) => {
                    let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
                    card = card.search(part("icon"), part("kind"), part("description"));
                }
                ("forwardable", Value::Bool(may)) => card = card.forwardable(may),
                ("callback_route", Value::String(key)) => card = card.callback_route(key),
                (_, value) => match FIELDS.iter().find(|(field, _)| *field == name) {
                    Some((_, wants)) => return Err(argument(format!("{name} of a card takes {wants}"))),
                    None => card = card.with(name, value),
                },
            }
        }
        (card.template, card.values.data) = templates::expanded(&card.template, data)?;
        Ok(card)
    }

    /// Whether creating it twice does no harm: nobody else has its id.
    pub(super) fn is_safe(&self) -> bool {
        self.has_own_id
    }

    /// What creates it.
    pub(super) fn creating(&self) -> Result<Value> {
        self.check()?;
        let mut body = json!({
            "cardTemplateId": self.template,
            "outTrackId": self.track_id,
            "callbackType": "STREAM",
            "cardData": self.values.data(),
        });
        if let Some(private) = self.values.private() {
            body["privateData"] = private;
        }
        for (name, model) in self.spaces.iter().filter_map(|space| space.owned(&self.model)) {
            body[name] = model;
        }
        lay(&self.more, &mut body);
        Ok(body)
    }

    /// What delivers it to its spaces.
    pub(super) fn delivering(&self, robot: &str) -> Result<Value> {
        if self.spaces.is_empty() {
            return Err(argument("the card has no space to appear in").hint("add one, such as a group"));
        }
        self.spaces.iter().try_for_each(Space::check)?;
        let addresses: Vec<_> = self.spaces.iter().map(Space::address).collect();
        let mut body =
            json!({ "outTrackId": self.track_id, "openSpaceId": format!("dtv1.card//{}", addresses.join(";")) });
        for (name, model) in self.spaces.iter().filter_map(|space| space.delivery(robot)) {
            body[name] = model;
        }
        body["userIdType"] = self.more.get("userIdType").cloned().unwrap_or_else(|| 1.into());
        Ok(body)
    }

    /// What does both.
    pub(super) fn creating_and_delivering(&self, robot: &str) -> Result<Value> {
        let (mut body, delivering) = (self.creating()?, self.delivering(robot)?);
        lay(delivering.as_object().into_iter().flatten(), &mut body);
        lay(&self.more, &mut body);
        Ok(body)
    }

    /// What gives a card that exists these spaces.
    pub(super) fn adding_spaces(&self) -> Result<Value> {
        if self.spaces.is_empty() {
            return Err(argument("there are no spaces to add"));
        }
        let mut body = json!({ "outTrackId": self.track_id });
        for (name, model) in self.spaces.iter().filter_map(|space| space.owned(&self.model)) {
            body[name] = model;
        }
        lay(&self.more, &mut body);
        Ok(body)
    }

    fn check(&self) -> Result<()> {
        if self.template.is_empty() {
            return Err(argument("the card has no template")
                .hint("give an id from the card platform (open-dev.dingtalk.com/fe/card), or a public template"));
        }
        if self.template == standard::TEMPLATE {
            return Err(argument("StandardCard belongs to ordinary cards alone")
                .hint("give the id of a template from the card platform, or send an ordinary card"));
        }
        if self.track_id.is_empty() || self.track_id.chars().count() > TRACK_ID {
            return Err(argument(format!("an outTrackId has 1 to {TRACK_ID} characters")));
        }
        Ok(())
    }
}

/// What [`Card::from_json`] knows, and what each takes.
const FIELDS: &[(&str, &str)] = &[
    ("template", "a text"),
    ("track_id", "a text"),
    ("data", "an object"),
    ("private_data", "objects by user id"),
    ("spaces", "a list of spaces"),
    ("last_message", "a text, or texts by language"),
    ("notification", "a text, or false"),
    ("search", "an object with icon, kind and description"),
    ("forwardable", "true or false"),
    ("callback_route", "a text"),
];

/// An id that no card had.
fn unique() -> String {
    format!("dingstream-{:032x}", fastrand::u128(..))
}

impl fmt::Debug for Card {
    /// Shows no values: they are what people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({} of {})", self.track_id, self.template)
    }
}
