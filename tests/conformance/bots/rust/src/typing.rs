//! Cards that are typed: the text of a message says what becomes of the session.

use std::sync::{Arc, Mutex, PoisonError};

use dingstream::{BotMessage, Call, CardButton, CardOptions, CardSession, Client, Result, Space};
use serde_json::json;

use crate::{bot, report};

/// The session that "open" keeps.
type Kept = Mutex<Option<CardSession>>;

pub(crate) async fn typed() -> Result<()> {
    let client = bot::overlapping_client()?;
    let (typing, kept) = (client.clone(), Arc::new(Kept::default()));
    client.on_message(move |message| {
        report::count();
        let (client, kept) = (typing.clone(), Arc::clone(&kept));
        async move {
            if let Err(error) = act(&client, &message, &kept).await {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

async fn act(client: &Client, message: &BotMessage, kept: &Kept) -> Result<()> {
    match message.text().as_deref() {
        Some("hello") => {
            let session = message.card(thinking())?;
            session.push("Hello, ")?;
            session.push("**world**.")?;
            session.button(CardButton::action("Like", "like"))?;
            tell(session.finish()).await
        }
        Some("long") => {
            let mut options = thinking();
            options.max_chars = 100;
            let session = message.card(options)?;
            session.push(&"字".repeat(250))?;
            tell(session.finish()).await
        }
        // The session goes with the end of this function.
        Some("drop") => message.card(thinking())?.push("half"),
        Some("fail") => {
            let session = message.card(thinking())?;
            session.push("half")?;
            tell(session.fail("no answer")).await
        }
        Some("empty") => tell(message.card(thinking())?.finish()).await,
        Some("twice") => twice(message).await,
        Some("open") => {
            let session = message.card(thinking())?;
            session.push("one")?;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
            Ok(())
        }
        Some("more") => {
            let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().map_or(Ok(()), |session| session.push(" two"))
        }
        Some("end") => {
            let session = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
            match session {
                Some(session) => tell(session.finish()).await,
                None => Ok(()),
            }
        }
        Some("own") => own(message).await,
        Some("space") => {
            let session = client.card(Space::group("cid1=="), CardOptions::new("Thinking…"))?;
            session.push("hi")?;
            tell(session.finish()).await
        }
        _ => {
            let mut options = CardOptions::default();
            options.max_calls = 2;
            message.card(options).map(drop)
        }
    }
}

fn thinking() -> CardOptions {
    let mut options = CardOptions::new("Thinking…");
    options.fallback = "gone wrong".to_owned();
    options
}

async fn twice(message: &BotMessage) -> Result<()> {
    let session = message.card(thinking())?;
    session.push("x")?;
    tell(session.finish()).await?;
    if let Err(error) = session.push("y") {
        report::error(&error);
    }
    tell(session.finish()).await
}

async fn own(message: &BotMessage) -> Result<()> {
    let mut options = CardOptions::new("…");
    options.template = "mine.schema".to_owned();
    options.key = "answer".to_owned();
    options.data = json!({ "model": { "name": "m" } }).as_object().cloned().unwrap_or_default();
    let session = message.card(options)?;
    session.push("42")?;
    tell(session.finish()).await
}

async fn tell(end: Call) -> Result<()> {
    let told = end.await?;
    report::line(&json!({ "card": {
        "via": told.text("/via"),
        "state": told.text("/state"),
        "cards": told.len("/outTrackIds"),
    } }));
    Ok(())
}
