//! The errors that a bot can run into, on demand: the text of a message names which.

use std::env;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use dingstream::{BotMessage, Client, Config, Host, Message, Result, Target, Webhook, WebhookConfig};

use crate::{bot, report};

/// More than a webhook lets wait.
const SENDS: usize = 1100;

pub(crate) async fn errors() -> Result<()> {
    let client = bot::client()?;
    let calling = Arc::new(client.clone());
    client.on_message(move |message| {
        report::count();
        let client = Arc::clone(&calling);
        async move {
            if let Err(error) = run_into(&client, &message).await {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

async fn run_into(client: &Client, message: &BotMessage) -> Result<()> {
    match message.text().as_deref() {
        Some("elsewhere") => client.request("GET", Host::Api, "https://elsewhere/", &[], None, None).await.map(drop),
        Some("config") => Client::new(Config::new("", "")).map(drop),
        Some("long") => message.reply(Message::text("x".repeat(1024 * 1024))).await.map(drop),
        Some("cancel") => {
            let call = client.send(Target::Group("cid1==".to_owned()), Message::text("x"));
            call.cancel();
            call.await.map(drop)
        }
        Some("closed") => {
            let second = bot::client_of("ding-second", "second-secret")?;
            second.on_message(|_| ready(()))?;
            let start = second.start();
            drop(second.stop(Duration::ZERO));
            start.await.map(drop)
        }
        _ => {
            let webhook = Webhook::new(WebhookConfig::new(env::var("DINGSTREAM_BOT_WEBHOOK").unwrap_or_default(), ""))?;
            let sends: Vec<_> = (0..SENDS).map(|_| webhook.send(Message::text("x"))).collect();
            let mut outcome = Ok(());
            if let Some(last) = sends.into_iter().last() {
                outcome = last.await.map(drop);
            }
            outcome
        }
    }
}
