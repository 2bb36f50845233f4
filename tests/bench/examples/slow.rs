//! A bot whose handlers take a while: `slow MILLISECONDS`. It is an example of this crate, and no program of it, so that the
//! plain client is built without the core.

use std::error::Error;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dingstream::{Answer, Client, Config};

static HANDLED: AtomicU64 = AtomicU64::new(0);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let work = Duration::from_millis(std::env::args().nth(1).ok_or("usage: slow MILLISECONDS")?.parse()?);
    let mut config = Config::new("ding-demo", "demo-secret");
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config)?;
    client.on_message(move |message| async move {
        HANDLED.fetch_add(1, Ordering::Relaxed);
        let _ = message.text();
        tokio::time::sleep(work).await;
    })?;
    client.run().await?;
    Ok(writeln!(std::io::stdout(), "{{\"handled\":{}}}", HANDLED.load(Ordering::Relaxed))?)
}
