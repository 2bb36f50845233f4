//! Where a card appears.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::error::{Result, argument};

/// A space: a kind (`IM_GROUP`, `IM_ROBOT`, `IM_SINGLE`, `ONE_BOX` or one that this library does not know) and an id.
#[derive(Clone, PartialEq)]
pub struct Space {
    kind: String,
    id: String,
    /// What the delivery there says, as DingTalk spells it.
    deliver: Map<String, Value>,
}

/// The names that DingTalk gives a kind's parts: of what a card owns there, and of its delivery (document 0783).
const MODELS: &[(&str, &str, &str)] = &[
    ("IM_GROUP", "imGroupOpenSpaceModel", "imGroupOpenDeliverModel"),
    ("IM_ROBOT", "imRobotOpenSpaceModel", "imRobotOpenDeliverModel"),
    ("IM_SINGLE", "imSingleOpenSpaceModel", "imSingleOpenDeliverModel"),
    ("ONE_BOX", "topOpenSpaceModel", "topOpenDeliverModel"),
];

impl Space {
    /// A group, by its `openConversationId`.
    pub fn group(conversation: impl Into<String>) -> Self {
        Self::other("IM_GROUP", conversation)
    }

    /// The conversation of one user with the robot, by the user id (staff id).
    pub fn robot(user: impl Into<String>) -> Self {
        Self::other("IM_ROBOT", user)
    }

    /// A conversation of two people that a cool-app's robot takes part in, by its `openConversationId`.
    pub fn single(conversation: impl Into<String>) -> Self {
        Self::other("IM_SINGLE", conversation)
    }

    /// The top of a group, until so many milliseconds since 1970.
    pub fn top(conversation: impl Into<String>, until_ms: u64) -> Self {
        Self::other("ONE_BOX", conversation).with("expiredTimeMillis", until_ms.into())
    }

    /// Any other kind of space, as DingTalk spells it; what it needs beside the address goes into the card's own fields.
    pub fn other(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into(), deliver: Map::new() }
    }

    /// Mentions a user there by id and shown name; `@ALL` for both mentions everybody.
    #[must_use]
    pub fn at(mut self, user: impl Into<String>, name: impl Into<String>) -> Self {
        let at = self.deliver.entry("atUserIds").or_insert_with(|| json!({}));
        at[user.into()] = name.into().into();
        self
    }

    /// Only these users see it there.
    #[must_use]
    pub fn recipients(self, users: impl IntoIterator<Item = String>) -> Self {
        let users: Vec<_> = users.into_iter().collect();
        self.with("recipients", users.into())
    }

    /// Any other field of the delivery, as DingTalk spells it.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>, value: Value) -> Self {
        self.deliver.insert(field.into(), value);
        self
    }

    /// From JSON: `{"type":"IM_GROUP","id":"cid…"}`, with `at` (names by user id), `recipients`, `until` (milliseconds
    /// since 1970), and any other field of the delivery as DingTalk spells it.
    ///
    /// # Errors
    /// `argument` for anything else.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::read(&serde_json::from_str(text).map_err(|_| wrong())?)
    }

    pub(super) fn read(value: &Value) -> Result<Self> {
        let object = value.as_object().ok_or_else(wrong)?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let mut space = Self::other(text("type").ok_or_else(wrong)?, text("id").ok_or_else(wrong)?);
        for (name, value) in object.iter().filter(|(name, _)| !matches!(name.as_str(), "type" | "id")) {
            let field = match name.as_str() {
                "at" => "atUserIds",
                "until" => "expiredTimeMillis",
                other => other,
            };
            space = space.with(field, value.clone());
        }
        Ok(space)
    }

    /// Its part of `openSpaceId`.
    pub(super) fn address(&self) -> String {
        format!("{}.{}", self.kind, self.id)
    }

    /// What it is the id of depends on the kind.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// What a card must own before it can be delivered there: its name and what it says of forwarding, search and the like.
    pub(super) fn owned(&self, model: &Value) -> Option<(&'static str, Value)> {
        let (_, name, _) = self.models()?;
        Some((*name, if self.is("ONE_BOX") { json!({ "spaceType": "ONE_BOX" }) } else { model.clone() }))
    }

    /// What its delivery needs, with the robot's code where that is asked for.
    pub(super) fn delivery(&self, robot: &str) -> Option<(&'static str, Value)> {
        let (kind, _, name) = self.models()?;
        let mut deliver = self.deliver.clone();
        match *kind {
            "IM_GROUP" => drop(deliver.entry("robotCode").or_insert_with(|| robot.into())),
            "IM_ROBOT" => drop(deliver.entry("spaceType").or_insert_with(|| "IM_ROBOT".into())),
            _ => {}
        }
        Some((*name, deliver.into()))
    }

    pub(super) fn check(&self) -> Result<()> {
        if self.id.is_empty() {
            return Err(argument(format!("the space {} has no id", self.kind)));
        }
        if self.is("ONE_BOX") && !self.deliver.contains_key("expiredTimeMillis") {
            return Err(
                argument("a card at the top of a group needs an end").hint("give `until`, in milliseconds since 1970")
            );
        }
        Ok(())
    }

    fn models(&self) -> Option<&'static (&'static str, &'static str, &'static str)> {
        MODELS.iter().find(|(kind, ..)| self.is(kind))
    }
}

impl fmt::Debug for Space {
    /// Shows no names of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Space({})", self.address())
    }
}

fn wrong() -> crate::error::Error {
    argument("a space is an object with type and id").hint(r#"give {"type":"IM_GROUP","id":"openConversationId"}"#)
}
