//! What a crash left open ends with its fallback text.

use std::time::Duration;

use super::draft::End;
use super::wire::{STREAMING, persist, streaming};
use crate::card::journal::{Begun, Journal, tell_unwritten};
use crate::client::Shared;
use crate::error::Result;
use crate::log::Level;
use crate::openapi::card::templates::{self, AiState};
use crate::openapi::card::{self, CardChange};
use crate::openapi::{App, Request};

/// How long each is tried; what can't be ended by then stays noted for the next start.
const WITHIN: Duration = Duration::from_secs(60);

/// Ends them; how many there were.
pub(super) async fn end(shared: &Shared, journal: &Journal, left: Vec<Begun>) -> Result<usize> {
    for begun in &left {
        match fail(shared.app()?, begun).await {
            Err(error) if error.is_retryable() => return Err(error),
            // It ended by itself, or is gone: there is nothing to do.
            Err(error) => shared.log(Level::Info, "card", format_args!("a card of an earlier run: {error}")),
            Ok(()) => {}
        }
        tell_unwritten(shared, journal.ended(&begun.id));
    }
    Ok(left.len())
}

async fn fail(app: &App, begun: &Begun) -> Result<()> {
    let body = streaming(&begun.id, &begun.key, &begun.fallback, Some(End::Failed));
    let request = Request::put(STREAMING, body);
    persist(WITHIN, || app.call(&request)).await?;
    if begun.is_public {
        let change = CardChange::of(&begun.id).values(templates::ai_ended(AiState::Failed, &[]));
        let request = card::changing(&change)?;
        persist(WITHIN, || app.call(&request)).await?;
    }
    Ok(())
}
