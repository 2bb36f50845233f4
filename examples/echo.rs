//! A bot that says back what it hears.

use dingstream::{Client, Config, Message, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::new(Config::new(variable("DINGTALK_CLIENT_ID"), variable("DINGTALK_CLIENT_SECRET")))?;

    client.on_message(|message| async move {
        let text = message.text().unwrap_or_default();
        message.reply(Message::markdown("echo", format!("**{text}**"))).await
    })?;

    client.run().await
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
