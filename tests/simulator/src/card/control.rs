//! What a test does to the card world, and what it can read of it.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use super::template::Template;
use crate::control::{Answer, Refused, order};
use crate::platform::Platform;

pub(crate) async fn template(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let template: Template = order(&body)?;
    template.check()?;
    platform.cards.put_template(template);
    Ok(Json(json!({})))
}

pub(crate) async fn all(State(platform): State<Arc<Platform>>) -> Answer {
    let now = platform.clock.now();
    let cards: Vec<_> = platform.cards.lock().cards.iter().map(|card| card.tell(now)).collect();
    Ok(Json(json!({"cards": cards})))
}

pub(crate) async fn one(State(platform): State<Arc<Platform>>, Path(id): Path<String>) -> Answer {
    let (world, now) = (platform.cards.lock(), platform.clock.now());
    // The newest: one that was forgotten may have been made again.
    let card = world.cards.iter().rev().find(|card| card.id == id);
    card.map(|card| Json(card.tell(now))).ok_or_else(|| no_card(&id))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Forgotten {
    out_track_id: String,
}

pub(crate) async fn forget(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let Forgotten { out_track_id } = order(&body)?;
    let mut world = platform.cards.lock();
    let mut known = world.cards.iter_mut().filter(|card| !card.forgotten);
    known.find(|card| card.id == out_track_id).ok_or_else(|| no_card(&out_track_id))?.forgotten = true;
    Ok(Json(json!({})))
}

fn no_card(id: &str) -> Refused {
    Refused::new(StatusCode::NOT_FOUND, format!("there is no card {id}"))
}
