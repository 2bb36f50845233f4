//! What people see of a card.

use dingstream::{CardOptions, CardSession, Client};
use serde_json::{Value, json};

use crate::support::{World, next};

/// Options with something else than usual.
pub(crate) fn with(mut options: CardOptions, change: impl FnOnce(&mut CardOptions)) -> CardOptions {
    change(&mut options);
    options
}

/// A client that is connected, and a session that was opened on a message.
pub(crate) fn opened(world: &World, options: CardOptions) -> (Client, CardSession) {
    opened_by(world, json!({ "senderStaffId": "staff-1" }), options)
}

pub(crate) fn opened_by(world: &World, message: Value, options: CardOptions) -> (Client, CardSession) {
    let client = world.connected(world.config());
    let session = opened_on(world, &client, message, options);
    (client, session)
}

pub(crate) fn opened_on(world: &World, client: &Client, message: Value, options: CardOptions) -> CardSession {
    let mut push = json!({ "kind": "message", "msgtype": "text", "text": "hello" });
    push.as_object_mut().expect("an object").extend(message.as_object().cloned().expect("an object"));
    world.push(push);
    let delivery = next(client.queue());
    delivery.ok(Value::Null).expect("settled");
    delivery.card(options).expect("opened")
}

/// The one card that there is.
pub(crate) fn card(world: &World) -> Value {
    let mut cards = cards(world);
    assert_eq!(cards.len(), 1, "{cards:?}");
    cards.remove(0)
}

pub(crate) fn cards(world: &World) -> Vec<Value> {
    world.look("cards")["cards"].as_array().cloned().expect("cards")
}

/// The text and the state of an AI card.
pub(crate) fn shown(card: &Value) -> (&str, &str) {
    let text = |at: &str| card.pointer(at).and_then(Value::as_str).unwrap_or_default();
    (text("/spaces/0/params/msgContent"), text("/state"))
}

/// The calls that were made for cards.
pub(crate) fn calls(world: &World) -> Vec<String> {
    let records = world.look("records?kind=card");
    let records = records["records"].as_array().cloned().expect("records");
    records.iter().map(|record| record["op"].as_str().unwrap_or_default().to_owned()).collect()
}
