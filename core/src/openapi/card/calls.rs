//! The calls of a card's life (documents 0780 to 0787).

use serde_json::{Value, json};

use super::change::CardChange;
use super::description::Card;
use crate::error::{Error, ErrorKind, Result, argument};
use crate::openapi::{App, Lane, Request};

const INSTANCES: &str = "/v1.0/card/instances";

/// Creates a card; it appears nowhere yet.
pub(crate) async fn create(app: &App, card: &Card) -> Result<Value> {
    app.call(&Request::post(INSTANCES, card.creating()?)).await?;
    Ok(json!({ "outTrackId": card.id() }))
}

/// Delivers a card that exists to spaces that it owns.
pub(crate) async fn deliver(app: &App, robot: &str, card: &Card) -> Result<Value> {
    let answer = app.call(&Request::post("/v1.0/card/instances/deliver", card.delivering(robot)?)).await?;
    delivered(card.id(), answer.get("result"))
}

/// Creates a card and delivers it. Where its id was made here, a second try that finds the card there is the first one's
/// success.
pub(crate) async fn send(app: &App, robot: &str, card: &Card, lane: Lane) -> Result<Value> {
    let body = card.creating_and_delivering(robot)?;
    let request = Request::post("/v1.0/card/instances/createAndDeliver", body).in_lane(lane);
    if !card.is_safe() {
        let answer = app.call(&request).await?;
        return delivered(card.id(), answer.pointer("/result/deliverResults"));
    }
    match app.call(&request.safe()).await {
        Err(error) if error.platform_code().contains("cardAlreadyExist") => delivered(card.id(), None),
        answer => delivered(card.id(), answer?.pointer("/result/deliverResults")),
    }
}

pub(crate) async fn update(app: &App, change: &CardChange) -> Result<Value> {
    app.call(&changing(change)?).await
}

/// The request that changes a card.
pub(crate) fn changing(change: &CardChange) -> Result<Request> {
    Ok(Request::put(INSTANCES, change.body()?))
}

pub(crate) async fn add_spaces(app: &App, card: &Card) -> Result<Value> {
    app.call(&Request::put("/v1.0/card/instances/spaces", card.adding_spaces()?)).await
}

/// Takes a card from the top of a group.
pub(crate) async fn close_top(app: &App, id: &str, conversation: &str) -> Result<Value> {
    let query = [("outTrackId", id), ("openConversationId", conversation)];
    let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    app.call(&Request { query, ..Request::post("/v1.0/card/tops/close", json!({})) }.safe()).await
}

/// Registers the HTTP address of a callback route.
pub(crate) async fn register_callback(app: &App, route: &str, url: &str, secret: &str, force: bool) -> Result<Value> {
    if route.is_empty() || url.is_empty() {
        return Err(argument("a callback route needs a key and a URL"));
    }
    let mut body = json!({ "callbackRouteKey": route, "callbackUrl": url, "forceUpdate": force });
    if !secret.is_empty() {
        body["apiSecret"] = secret.into();
    }
    let mut answer = app.call(&Request::post("/v1.0/card/callbacks/register", body)).await?;
    // DingTalk sends the secret back, which belongs in no log.
    answer.get_mut("result").and_then(Value::as_object_mut).map(|result| result.remove("apiSecret"));
    Ok(answer)
}

/// HTTP 200 says nothing about the spaces: each has its own result. The call fails only where no space got it.
fn delivered(id: &str, results: Option<&Value>) -> Result<Value> {
    let results = results.and_then(Value::as_array).cloned().unwrap_or_default();
    let has_failed = |result: &&Value| result.get("success") == Some(&Value::Bool(false));
    let why = results.iter().find(has_failed).and_then(|result| result.get("errorMsg")).and_then(Value::as_str);
    if !results.is_empty() && results.iter().all(|result| has_failed(&result)) {
        let told = format!("DingTalk delivered the card nowhere ({})", why.unwrap_or("it does not say why"));
        return Err(Error::new(ErrorKind::Rejected, told)
            .hint("check the ids of the spaces, and that the robot is in the group and published"));
    }
    Ok(json!({ "outTrackId": id, "deliverResults": results }))
}
