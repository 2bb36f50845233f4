//! The ordinary card (普通版, `StandardCard`), for applications that still have it: DingTalk admits no new ones, and its
//! clicks come over HTTP alone (documents 1474 and 1475).

use serde_json::{Value, json};

use crate::error::{Result, argument};
use crate::openapi::bot::Target;
use crate::openapi::{App, Request};

/// Its one template.
pub(super) const TEMPLATE: &str = "StandardCard";

/// What says so where somebody looks for its clicks.
pub(super) fn no_stream() -> crate::error::Error {
    argument("an ordinary card has no Stream callback")
        .hint("create a card of a template from the card platform, whose clicks come over Stream")
}

/// Sends one. `card` is the interactive-card JSON.
pub(crate) async fn send(app: &App, robot: &str, target: &Target, id: &str, card: &Value) -> Result<Value> {
    let mut body = json!({
        "cardTemplateId": TEMPLATE,
        "cardBizId": id,
        "robotCode": robot,
        "cardData": data(card)?,
    });
    match target {
        Target::Group(conversation) => body["openConversationId"] = conversation.as_str().into(),
        Target::Users(users) if users.len() == 1 => {
            body["singleChatReceiver"] = json!({ "userId": users[0] }).to_string().into();
        }
        _ => return Err(argument("an ordinary card goes to one group or one user")),
    }
    let mut answer = app.call(&Request::post("/v1.0/im/v1.0/robot/interactiveCards/send", body).safe()).await?;
    answer["cardBizId"] = id.into();
    Ok(answer)
}

/// Replaces what one shows.
pub(crate) async fn update(app: &App, id: &str, card: &Value) -> Result<Value> {
    let body = json!({ "cardBizId": id, "cardData": data(card)? });
    app.call(&Request::put("/v1.0/im/robots/interactiveCards", body)).await
}

fn data(card: &Value) -> Result<String> {
    let object = card.as_object().ok_or_else(|| argument("the data of an ordinary card is a JSON object"))?;
    if object.contains_key("callbackType") {
        return Err(no_stream());
    }
    Ok(card.to_string())
}
