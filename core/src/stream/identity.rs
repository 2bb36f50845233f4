//! What makes a delivery the same as another one, and what makes it wait for another one.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use nohash_hasher::IsEnabled;

use crate::config::{Config, Ordering};
use crate::json::Json;
use crate::kind::Kind;

/// A delivery's name among those of its client: 128 bits of a hash with secret keys, which nobody can make collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(pub(crate) u128);

impl Hash for Id {
    /// It is a hash already.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0 as u64);
    }
}

impl IsEnabled for Id {}

/// What is to be known of a delivery before it is let in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The same for every push of the same thing; `None` where the platform gave no id.
    pub(crate) id: Option<Id>,
    /// What is handled one after the other has the same one; `None` waits for nobody.
    pub(crate) line: Option<u64>,
    /// Whether it jumps the line.
    pub(crate) bypasses: bool,
}

/// Tells deliveries apart.
pub(crate) struct Identifier {
    keys: [RandomState; 2],
    ordering: Ordering,
    bypass: Vec<String>,
}

impl Identifier {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            keys: [RandomState::new(), RandomState::new()],
            ordering: config.ordering,
            bypass: config.bypass.iter().map(|prefix| prefix.trim().to_owned()).collect(),
        }
    }

    /// The headers are asked for where they count.
    pub(crate) fn identify<'a>(
        &self,
        kind: Kind,
        message_id: &str,
        headers: impl FnOnce() -> &'a Json,
        data: &Json,
    ) -> Identity {
        let part = |pointer| data.text(pointer).unwrap_or_default();
        let robot = if kind == Kind::Message { part("/robotCode") } else { Cow::default() };
        let bypasses = kind == Kind::Message && !self.bypass.is_empty() && self.jumps(&part("/text/content"));
        let id = match kind {
            // A push that comes again may have another `messageId`, but the thing itself keeps its own id.
            Kind::Message => self.id(kind, &robot, &part("/msgId")),
            Kind::Event => self.id(kind, "", &headers().text("/eventId").unwrap_or_default()),
            _ => None,
        };
        let line = match (kind, self.ordering) {
            (Kind::Message, Ordering::Conversation) if !bypasses => {
                self.line(kind, &robot, &part("/conversationId"), "")
            }
            (Kind::Message, Ordering::Sender) if !bypasses => {
                self.line(kind, &robot, &part("/conversationId"), &part("/senderId"))
            }
            (Kind::Card, _) => self.line(kind, "", &part("/outTrackId"), ""),
            _ => None,
        };
        Identity { id: id.or_else(|| self.id(kind, "", message_id)), line, bypasses }
    }

    fn id(&self, kind: Kind, scope: &str, id: &str) -> Option<Id> {
        let [high, low] = &self.keys;
        let name = (kind as u32, scope, id);
        (!id.is_empty()).then(|| Id(u128::from(high.hash_one(name)) << 64 | u128::from(low.hash_one(name))))
    }

    fn line(&self, kind: Kind, robot: &str, place: &str, sender: &str) -> Option<u64> {
        (!place.is_empty()).then(|| self.keys[0].hash_one((kind as u32, robot, place, sender)))
    }

    fn jumps(&self, text: &str) -> bool {
        let text = text.trim_start();
        self.bypass.iter().any(|prefix| text.starts_with(prefix.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifier(ordering: Ordering) -> Identifier {
        Identifier::new(&Config { ordering, bypass: vec!["/stop".to_owned()], ..Config::default() })
    }

    fn message(identifier: &Identifier, push: &str, data: serde_json::Value) -> Identity {
        identifier.identify(Kind::Message, push, || unreachable!("headers"), &Json::from(data))
    }

    #[test]
    fn a_message_is_the_same_under_another_push() {
        let identifier = identifier(Ordering::Conversation);
        let data = serde_json::json!({ "robotCode": "r", "msgId": "m", "conversationId": "c" });
        let (first, again) = (message(&identifier, "1", data.clone()), message(&identifier, "2", data));
        assert!(first.id.is_some() && first == again);
        let other = message(&identifier, "1", serde_json::json!({ "robotCode": "s", "msgId": "m" }));
        assert_ne!(first.id, other.id, "another bot in the same group got it too");
    }

    #[test]
    fn an_event_is_known_by_its_event_id() {
        let identifier = identifier(Ordering::Conversation);
        let event = |push, id: &str| {
            let headers = Json::from(serde_json::json!({ "eventId": id }));
            identifier.identify(Kind::Event, push, || &headers, &Json::new("{}"))
        };
        assert_eq!(event("1", "e"), event("2", "e"));
        assert_ne!(event("1", "e").id, event("1", "f").id);
        assert_eq!(event("1", "e").line, None, "events wait for nobody");
    }

    #[test]
    fn without_an_id_of_its_own_the_push_counts() {
        let identifier = identifier(Ordering::Conversation);
        let bare = |push| message(&identifier, push, serde_json::json!({}));
        assert_eq!(bare("1").id, bare("1").id);
        assert_ne!(bare("1").id, bare("2").id);
        assert_eq!(bare("").id, None, "what has no id at all is never taken for another");
    }

    #[test]
    fn a_conversation_is_a_line_and_a_sender_is_one_in_it() {
        let by = |sender: &str| serde_json::json!({ "robotCode": "r", "conversationId": "c", "senderId": sender });
        let line = |ordering, sender: &str| {
            let identifier = identifier(ordering);
            (message(&identifier, "1", by("ann")).line, message(&identifier, "2", by(sender)).line)
        };
        let (ann, bob) = line(Ordering::Conversation, "bob");
        assert!(ann.is_some() && ann == bob);
        let (ann, bob) = line(Ordering::Sender, "bob");
        assert!(ann.is_some() && bob.is_some() && ann != bob);
        assert_eq!(line(Ordering::None, "bob"), (None, None));
    }

    #[test]
    fn a_click_never_waits_behind_a_message() {
        let identifier = identifier(Ordering::Conversation);
        let data = Json::from(serde_json::json!({ "outTrackId": "c", "conversationId": "c" }));
        let click = identifier.identify(Kind::Card, "1", || unreachable!("headers"), &data);
        assert!(click.line.is_some());
        assert_ne!(click.line, message(&identifier, "2", serde_json::json!({ "conversationId": "c" })).line);
    }

    #[test]
    fn a_command_jumps_the_line() {
        let identifier = identifier(Ordering::Conversation);
        let said = |text: &str| {
            message(&identifier, "1", serde_json::json!({ "conversationId": "c", "text": { "content": text } }))
        };
        assert!(said(" /stop now").bypasses && said("/stop").line.is_none());
        assert!(!said("please /stop").bypasses);
    }
}
