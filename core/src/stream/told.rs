//! What a client has logged, for the tests of this room.

use std::time::Duration;

use crate::client::Client;
use crate::queue::Item;

pub(super) fn told(client: &Client) -> Vec<String> {
    let mut items = Vec::new();
    let _ = client.queue().take(100, Some(Duration::ZERO), &mut items);
    let logs = items.into_iter().filter_map(|item| match item {
        Item::Log { record, .. } => Some(record.message),
        _ => None,
    });
    logs.collect()
}
