//! An AI card that types its answer, with a button whose click gets a response.

use std::pin::pin;
use std::time::Duration;

use dingstream::{CardButton, CardOptions, CardResponse, Client, Config, Result};
use futures_util::{Stream, StreamExt, stream};

#[tokio::main]
async fn main() -> Result<()> {
    let client = Client::new(Config::new(variable("DINGTALK_CLIENT_ID"), variable("DINGTALK_CLIENT_SECRET")))?;

    client.on_message(|message| async move {
        let card = message.card(CardOptions::new("Thinking…"))?;
        let mut words = pin!(model(message.text().as_deref().unwrap_or_default()));
        while let Some(word) = words.next().await {
            card.push(&word)?;
        }
        card.button(CardButton::action("Helpful", "helpful"))?;
        card.finish().await
    })?;

    client.on_card(|_| async { CardResponse::new().value("msgTitle", "Thank you!") })?;

    client.run().await
}

/// Stands for a model, which takes its time for each word.
fn model(question: &str) -> impl Stream<Item = String> + use<> {
    let answer = format!("You asked: **{question}**. Let me think about that.");
    let words: Vec<_> = answer.split(' ').map(|word| format!("{word} ")).collect();
    stream::iter(words).then(|word| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        word
    })
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
