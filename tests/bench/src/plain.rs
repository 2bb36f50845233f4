//! The client that one writes by hand: tokio-tungstenite, serde_json, a loop. The compiled peer.

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};
use tokio_tungstenite::tungstenite::Message;

use crate::{Result, raw, say};

#[derive(Deserialize)]
struct Frame {
    headers: Headers,
    data: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Headers {
    message_id: String,
}

pub(crate) fn run(url: &str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let handled = runtime.block_on(serve(url))?;
    say(&json!({ "handled": handled }))
}

async fn serve(url: &str) -> Result<u64> {
    let stream = tokio::net::TcpStream::connect(raw::host(url)).await?;
    stream.set_nodelay(true)?;
    let address = raw::address(url);
    let (mut socket, _) = tokio_tungstenite::client_async(address, stream).await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut handled = 0;
    loop {
        let message = tokio::select! {
            message = socket.next() => message,
            _ = terminate.recv() => return Ok(handled),
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                let frame: Frame = serde_json::from_str(&text)?;
                let data: Value = serde_json::from_str(&frame.data)?;
                let said = data["text"]["content"].as_str().unwrap_or_default().trim();
                handled += u64::from(!said.is_empty());
                let answer = json!({
                    "code": 200,
                    "headers": { "messageId": frame.headers.message_id, "contentType": "application/json" },
                    "message": "OK",
                    "data": json!({ "response": null }).to_string(),
                });
                socket.send(Message::text(answer.to_string())).await?;
            }
            Some(Ok(_)) => {}
            _ => return Ok(handled),
        }
    }
}
