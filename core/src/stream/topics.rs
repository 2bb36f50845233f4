//! The topics that DingTalk pushes, and the kind of delivery that each brings.

use crate::kind::Kind;

/// Bot messages.
pub const BOT_MESSAGE: &str = "/v1.0/im/bot/messages/get";
/// Bot messages that a delegate receives for a person.
pub const BOT_DELEGATE: &str = "/v1.0/im/bot/messages/delegate";
/// Card actions.
pub const CARD_ACTION: &str = "/v1.0/card/instances/callback";
/// Requests for a card's dynamic data.
pub const CARD_DYNAMIC_DATA: &str = "/v1.0/card/dynamicData/get";
/// AI plugin requests.
pub const GRAPH: &str = "/v1.0/graph/api/invoke";
/// All events; DingTalk knows no finer subscription.
pub const ALL_EVENTS: &str = "*";

/// Every topic with a name of its own, for those who write the constants of other languages.
pub const TOPICS: &[(&str, &str)] = &[
    ("bot_message", BOT_MESSAGE),
    ("bot_delegate", BOT_DELEGATE),
    ("card_action", CARD_ACTION),
    ("card_dynamic_data", CARD_DYNAMIC_DATA),
    ("graph", GRAPH),
];

/// The topic that a kind is subscribed with; empty for kinds that have none of their own.
pub fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => BOT_MESSAGE,
        Kind::Card => CARD_ACTION,
        Kind::Event => ALL_EVENTS,
        Kind::Graph => GRAPH,
        Kind::Other | Kind::State => "",
    }
}

/// The kind of delivery that a callback topic brings.
pub fn kind_of(topic: &str) -> Kind {
    match topic {
        BOT_MESSAGE | BOT_DELEGATE => Kind::Message,
        CARD_ACTION | CARD_DYNAMIC_DATA => Kind::Card,
        GRAPH => Kind::Graph,
        _ => Kind::Other,
    }
}
