//! Many clients that do nothing, for the benchmark of what they cost.

use std::env;

use dingstream::{Client, Config, Kind, Queue, Result};
use futures_util::future::join_all;
use tokio::signal::unix::{SignalKind, signal};

use crate::bot::PATIENCE;

/// As many as the second argument says, on one queue, until asked to end.
pub(crate) async fn idle() -> Result<()> {
    let count = env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(1);
    let queue = Queue::new();
    let clients = (0..count).map(|source| {
        let client = Client::with_queue(Config::new(format!("ding-{source}"), "demo-secret"), &queue, source)?;
        client.subscribe(Kind::Message, "")?;
        Ok(client)
    });
    let clients = clients.collect::<Result<Vec<_>>>()?;
    let mut asked = signal(SignalKind::terminate()).expect("signals can be heard");
    for started in join_all(clients.iter().map(Client::start)).await {
        started?;
    }
    asked.recv().await;
    join_all(clients.iter().map(|client| client.stop(PATIENCE))).await;
    Ok(())
}
