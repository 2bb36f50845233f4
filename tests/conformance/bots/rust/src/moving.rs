//! Files on their way, on demand: the text of a message names which.

use std::fs;
use std::sync::Arc;

use dingstream::call::Outcome;
use dingstream::{BotMessage, Client, MediaType, Result};
use serde_json::json;

use crate::{bot, report};

pub(crate) async fn media() -> Result<()> {
    let client = bot::client()?;
    let moving = Arc::new(client.clone());
    client.on_message(move |message| {
        report::count();
        let client = Arc::clone(&moving);
        async move {
            if let Err(error) = act(&client, &message).await {
                report::error(&error);
            }
        }
    })?;
    client.run().await
}

async fn act(client: &Client, message: &BotMessage) -> Result<()> {
    let code = message.download_codes().and_then(|codes| codes[0].as_str().map(str::to_owned)).unwrap_or_default();
    let folder = std::env::temp_dir().join(format!("dingstream-bot-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    match message.text().as_deref() {
        Some("upload") => tell(client.upload(MediaType::File, "report.pdf", vec![0; 200_000]).await),
        Some("upload text") => tell(client.upload(MediaType::File, "notes.txt", vec![0; 10]).await),
        Some("upload file") => {
            let photo = folder.join("photo.png");
            fs::write(&photo, [0; 1000]).expect("written");
            tell(client.upload_file(MediaType::Image, photo).await)
        }
        Some("download") => {
            let download = client.download(&code, None);
            let mut bytes = 0;
            while let Some(piece) = download.read_piece().await? {
                bytes += piece.len();
            }
            report::line(&json!({ "downloaded": bytes }));
            Ok(())
        }
        _ => {
            let told = client.download_file(&code, None, &folder).await?;
            let path = told.text("/path").unwrap_or_default().into_owned();
            report::line(&json!({ "downloaded": fs::metadata(path).expect("there").len() }));
            Ok(())
        }
    }
}

fn tell(outcome: Outcome) -> Result<()> {
    report::line(&json!({ "uploaded": outcome?.text("/type") }));
    Ok(())
}
