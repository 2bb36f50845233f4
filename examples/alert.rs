//! Alerts for a group, through its custom robot: what comes too fast goes out as one message.

use std::env;
use std::time::Duration;

use dingstream::webhook::Overflow;
use dingstream::{Message, Webhook, WebhookConfig};

#[tokio::main]
async fn main() -> dingstream::Result<()> {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let mut config = WebhookConfig::new(variable("DINGTALK_WEBHOOK"), variable("DINGTALK_WEBHOOK_SECRET"));
    config.overflow = Overflow::Digest;
    let webhook = Webhook::new(config)?;
    let alerts: Vec<_> =
        ["db-1", "db-2", "db-3"].map(|host| webhook.send(Message::text(format!("disk full on {host}")))).into();
    webhook.flush(Duration::from_secs(60)).await?;
    for alert in alerts {
        alert.await?;
    }
    Ok(())
}
