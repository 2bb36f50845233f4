//! The behaviours that start and stop the client themselves and take deliveries one by one.

use std::sync::Arc;

use dingstream::{BotMessage, Client, Delivery, Item, Kind, Message, Result};
use serde_json::{Value, json};

use crate::bot::{self, PATIENCE};
use crate::report;

pub(crate) async fn start() -> Result<()> {
    let client = pulling(&[Kind::Message])?;
    client.start().await?;
    stop(&client).await
}

pub(crate) async fn restart() -> Result<()> {
    let client = pulling(&[Kind::Message])?;
    for run in 1..=2 {
        client.start().await?;
        while let Some(delivery) = next(&client).await? {
            if delivery.kind() == Kind::Message {
                let message = BotMessage::from(Arc::new(delivery));
                let text = message.text().unwrap_or_default();
                message.reply(Message::text(format!("run {run}: {text}"))).await?;
                message.ok(Value::Null)?;
                break;
            }
        }
        stop(&client).await?;
    }
    Ok(())
}

pub(crate) async fn iterate() -> Result<()> {
    let client = pulling(&[Kind::Message, Kind::Event])?;
    client.start().await?;
    while let Some(delivery) = next(&client).await? {
        if delivery.kind() == Kind::Message {
            let message = BotMessage::from(Arc::new(delivery));
            let text = message.text().unwrap_or_default();
            message.reply(Message::text(text.as_ref())).await?;
            message.ok(Value::Null)?;
            if text == "stop" {
                drop(client.stop(PATIENCE));
            }
        } else {
            delivery.ok(Value::Null)?;
        }
    }
    Ok(())
}

/// Lets go of whatever it takes.
pub(crate) async fn decline() -> Result<()> {
    let client = pulling(&[Kind::Message, Kind::Event, Kind::Card])?;
    client.subscribe(Kind::Other, "/v1.0/x")?;
    client.start().await?;
    for _ in 0..4 {
        drop(next(&client).await?);
    }
    stop(&client).await
}

fn pulling(kinds: &[Kind]) -> Result<Client> {
    let client = bot::client()?;
    for kind in kinds {
        client.subscribe(*kind, "")?;
    }
    Ok(client)
}

/// Stops, and hears of it: what the queue still holds of this run must not end the next one.
async fn stop(client: &Client) -> Result<()> {
    client.stop(PATIENCE).await?;
    while next(client).await?.is_some() {}
    Ok(())
}

/// The next delivery that owes something, or `None` once the client has stopped.
async fn next(client: &Client) -> Result<Option<Delivery>> {
    while let Some(item) = client.queue().next().await? {
        match item {
            Item::Delivery(state) if state.kind() == Kind::State => {
                report::line(&json!({ "state": state.topic() }));
                if state.topic() == "stopped" {
                    return Ok(None);
                }
            }
            Item::Delivery(delivery) => {
                report::count();
                return Ok(Some(delivery));
            }
            Item::Done { .. } | Item::Log { .. } => {}
        }
    }
    Ok(None)
}
