//! The behaviours that register handlers and run until they are stopped.

use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use dingstream::{Client, Later, Message, Result, Settle};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::sleep;

use crate::bot::{self, PATIENCE};
use crate::report;

const TOPIC: &str = "/v1.0/x";

pub(crate) async fn answer() -> Result<()> {
    let client = bot::client()?;
    client.on_message(|message| async move {
        report::count();
        let _ = message.text();
    })?;
    answer_the_rest(&client)?;
    client.run().await
}

pub(crate) async fn stats() -> Result<()> {
    let client = bot::client()?;
    let counting = client.clone();
    client.on_message(move |message| {
        report::count();
        if message.text().as_deref() == Some("stats") {
            report::line(&json!({ "stats": counting.stats().to_json() }));
        }
        ready(())
    })?;
    answer_the_rest(&client)?;
    client.run().await
}

fn answer_the_rest(client: &Client) -> Result<()> {
    client.on_event(|_| async { report::count() })?;
    client.on_card(|action| async move {
        report::count();
        let clicked = action.action_ids().and_then(|ids| ids.get(0).cloned());
        json!({ "cardData": { "cardParamMap": { "clicked": clicked } } })
    })?;
    client.on(TOPIC, |delivery| async move {
        report::count();
        json!({ "echo": delivery.data().value("") })
    })
}

pub(crate) async fn echo() -> Result<()> {
    let client = bot::plain_client()?;
    client.on_message(|message| async move {
        report::count();
        let text = message.text().unwrap_or_default();
        message.reply(Message::markdown("echo", format!("**{text}**"))).await
    })?;
    client.run().await
}

pub(crate) async fn later() -> Result<()> {
    all(|| ready(Later("try again".to_owned()))).await
}

pub(crate) async fn fail() -> Result<()> {
    all(|| ready(Err::<Value, _>("planted-secret"))).await
}

/// Every handler does the same.
async fn all<R>(work: fn() -> R) -> Result<()>
where
    R: Future<Output: Settle> + Send + 'static,
{
    let client = bot::client()?;
    let handle = move || {
        report::count();
        work()
    };
    client.on_message(move |_| handle())?;
    client.on_event(move |_| handle())?;
    client.on_card(move |_| handle())?;
    client.on(TOPIC, move |_| handle())?;
    client.run().await
}

pub(crate) async fn slow() -> Result<()> {
    let client = bot::client()?;
    client.on_message(|message| async move {
        report::count();
        sleep(Duration::from_secs(1)).await;
        let text = message.text().unwrap_or_default();
        message.reply(Message::text(format!("slow: {text}"))).await
    })?;
    client.run().await
}

/// Keeps whatever comes, and never settles it.
pub(crate) async fn silent() -> Result<()> {
    all(pending::<()>).await
}

pub(crate) async fn gate() -> Result<()> {
    let client = bot::client()?;
    let gone = Arc::new(Notify::new());
    client.on_message(move |message| {
        let gone = Arc::clone(&gone);
        async move {
            report::count();
            if message.text().as_deref() == Some("wait") {
                gone.notified().await;
                message.reply(Message::text("waited")).await?;
            } else {
                message.reply(Message::text("gone")).await?;
                gone.notify_one();
            }
            Ok::<_, dingstream::Error>(())
        }
    })?;
    client.run().await
}

pub(crate) async fn stop() -> Result<()> {
    let client = bot::client()?;
    let stopped = client.clone();
    client.on_message(move |message| {
        let client = stopped.clone();
        async move {
            report::count();
            message.reply(Message::text("stopping")).await?;
            drop(client.stop(PATIENCE));
            Ok::<_, dingstream::Error>(())
        }
    })?;
    client.run().await
}

pub(crate) async fn two() -> Result<()> {
    let (first, second) = (named("ding-demo", "demo-secret")?, named("ding-second", "second-secret")?);
    tokio::try_join!(first.run(), second.run()).map(|_| ())
}

fn named(id: &'static str, secret: &str) -> Result<Client> {
    let client = bot::client_of(id, secret)?;
    client.on_message(move |message| async move {
        report::count();
        let text = message.text().unwrap_or_default();
        message.reply(Message::text(format!("{id}: {text}"))).await
    })?;
    Ok(client)
}

pub(crate) async fn twice() -> Result<()> {
    let client = bot::client()?;
    client.on_message(|message| async move {
        report::count();
        for outcome in [message.ok(Value::Null), message.ok(Value::Null)] {
            if let Err(error) = outcome {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

pub(crate) async fn reply() -> Result<()> {
    let client = bot::client()?;
    client.on_message(|message| async move {
        report::count();
        let text = message.text().unwrap_or_default();
        match message.reply(Message::text(text)).await {
            Ok(done) => report::line(&json!({ "replied": done.text("/via") })),
            Err(error) => report::error(&error),
        }
    })?;
    client.run().await
}

pub(crate) async fn types() -> Result<()> {
    let client = bot::client()?;
    for name in ["user_add_org", "org_remove"] {
        client.on_event_type(name, move |_| async move {
            report::count();
            report::line(&json!({ "event": name }));
        })?;
    }
    client.run().await
}

pub(crate) async fn card() -> Result<()> {
    let client = bot::client()?;
    client.on_card(|_| async {
        report::count();
        Value::from("done")
    })?;
    client.run().await
}
