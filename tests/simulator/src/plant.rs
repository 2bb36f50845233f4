//! What a test puts into the platform before its bot comes: custom robots, answers, files, readers.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use crate::control::{Answer, Refused, order};
use crate::openapi::{PlantedAnswer, PlantedFile};
use crate::platform::Platform;
use crate::robot::NewRobot;

pub(crate) async fn robot(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let place = platform.robots.put(order::<NewRobot>(&body)?).map_err(Refused::bad)?;
    Ok(Json(json!({"robot": place})))
}

pub(crate) async fn answer(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    platform.answers.plant(order::<PlantedAnswer>(&body)?).map_err(Refused::bad)?;
    Ok(Json(json!({})))
}

pub(crate) async fn file(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    platform.files.plant(order::<PlantedFile>(&body)?).map_err(Refused::bad)?;
    Ok(Json(json!({})))
}

/// What a bot has uploaded, byte for byte.
pub(crate) async fn media(
    State(platform): State<Arc<Platform>>,
    Path(media_id): Path<String>,
) -> Result<impl IntoResponse, Refused> {
    platform.media.get(&media_id).ok_or_else(|| nothing("media", &media_id))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Reading {
    process_query_key: String,
    users: Vec<String>,
}

pub(crate) async fn read(State(platform): State<Arc<Platform>>, body: Bytes) -> Answer {
    let Reading { process_query_key, users } = order(&body)?;
    if !platform.sent.read(&process_query_key, users) {
        return Err(nothing("message", &process_query_key));
    }
    Ok(Json(json!({})))
}

fn nothing(kind: &str, id: &str) -> Refused {
    Refused::new(StatusCode::NOT_FOUND, format!("there is no {kind} {id}"))
}
