//! What a delivery is about.

use crate::numbered::numbered;

numbered! {
    /// What a delivery is. Numbers are stable.
    enum Kind;
    /// Every kind: name, number and meaning, for those who write the constants of other languages.
    const KINDS;
    /// A message that a person sent to the bot; the delegate topic too.
    Message = 1 "message",
    /// A click or input on a card, or a request for its dynamic data. The response updates the card.
    Card = 2 "card",
    /// A subscription event.
    Event = 3 "event",
    /// A request of an AI plugin.
    Graph = 4 "graph",
    /// Any other callback topic.
    Other = 5 "other",
    /// The connection changed; owes nothing.
    State = 6 "state",
}
