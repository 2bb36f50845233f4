//! What a bot says by itself, on demand: the text of a message names what.

use std::env;
use std::sync::Arc;

use dingstream::call::Outcome;
use dingstream::markdown::{self, Place};
use dingstream::message::{Button, Entry};
use dingstream::webhook::Overflow;
use dingstream::{BotMessage, Client, Host, Message, Result, Target, Via, Webhook, WebhookConfig};
use serde_json::{Value, json};

use crate::{bot, report};

pub(crate) async fn say() -> Result<()> {
    let client = bot::client()?;
    let saying = Arc::new(client.clone());
    client.on_message(move |message| {
        report::count();
        let client = Arc::clone(&saying);
        async move {
            let said = match message.text().as_deref() {
                Some("users") => users(&client).await,
                Some("group") => group(&client).await,
                Some("request") => request(&client).await,
                Some("robot") => robot().await,
                Some("markdown") => shape(),
                Some("support") => support(&client).await,
                _ => types(&message).await,
            };
            if let Err(error) = said {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

async fn users(client: &Client) -> Result<()> {
    let users = (0..25).map(|index| format!("u{index}")).collect();
    tell_sent(client.send(Target::Users(users), Message::markdown("t", "x")).await)
}

async fn group(client: &Client) -> Result<()> {
    tell_sent(client.send(Target::Group("cid1==".to_owned()), Message::text("x")).await)
}

fn tell_sent(outcome: Outcome) -> Result<()> {
    report::line(&json!({ "sent": outcome?.len("/processQueryKeys") }));
    Ok(())
}

async fn request(client: &Client) -> Result<()> {
    let body = Some(json!({ "queryWord": "ann" }));
    let answer = client.request("POST", Host::Api, "/v1.0/contact/users/search", &[("a", "b")], body, None).await?;
    report::line(&json!({ "answered": answer.value("/list") }));
    Ok(())
}

async fn robot() -> Result<()> {
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let mut config = WebhookConfig::new(variable("DINGSTREAM_BOT_WEBHOOK"), variable("DINGSTREAM_BOT_WEBHOOK_SECRET"));
    config.overflow = Overflow::Drop;
    let told = Webhook::new(config)?.send(Message::text("disk full")).await?;
    report::line(&json!({ "robot": told.int("/sent") }));
    Ok(())
}

fn shape() -> Result<()> {
    let mut shaped = vec![
        markdown::escape("a*b_[c]"),
        markdown::mention("138"),
        markdown::image("@p"),
        markdown::link("https://a.b/?c=d", Place::Panel),
        markdown::fit("| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
    ];
    shaped.extend(markdown::split(&["word"; 20].join(" "), 64));
    report::line(&json!({ "markdown": shaped }));
    Ok(())
}

async fn support(client: &Client) -> Result<()> {
    let Err(error) = client.request("POST", Host::Api, "/v1.0/contact/users/search", &[], None, None).await else {
        return Ok(());
    };
    let told = error.support_text();
    let is_steady = |line: &&str| ["client id", "HTTP status", "code"].iter().any(|name| line.starts_with(name));
    report::line(&json!({
        "support": told.lines().filter(is_steady).collect::<Vec<_>>(),
        "requiredScopes": error.required_scopes(),
    }));
    Ok(())
}

async fn types(message: &BotMessage) -> Result<()> {
    let button = |name: &str| Button::new(name, "https://u");
    let by_session = [
        Message::text("x"),
        Message::markdown("t", "x"),
        Message::link("t", "x", "https://u").picture("https://p"),
        Message::action_card("t", "x", [button("b1")]),
        Message::action_card("t", "x", [button("b1"), button("b2")]).horizontal(),
        Message::feed_card([Entry::new("a", "https://u", "https://p")]),
    ];
    let by_openapi =
        [Message::image("@p"), Message::audio("@a", 4000), Message::file("@f", "a.pdf"), Message::video("$v", "$c", 5)];
    let all =
        by_session.map(|reply| (Via::Auto, reply)).into_iter().chain(by_openapi.map(|reply| (Via::OpenApi, reply)));
    for (via, reply) in all {
        let told = message.reply_via(via, reply).await?;
        report::line(&json!({ "replied": told.value("/via").unwrap_or(Value::Null) }));
    }
    Ok(())
}
