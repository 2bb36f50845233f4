//! Cards that do not stream, and what answers their clicks: the text of a message says what is done.

use std::sync::Arc;

use dingstream::{Card, CardAction, CardButton, CardChange, CardResponse, Client, DynamicData, Result, Space, Target};
use serde_json::{Value, json};

use crate::{bot, report};

const TEMPLATE: &str = "mine.schema";
const GROUP: &str = "cid1==";

pub(crate) async fn cards() -> Result<()> {
    let client = bot::overlapping_client()?;
    let sending = Arc::new(client.clone());
    client.on_message(move |message| {
        report::count();
        let client = Arc::clone(&sending);
        async move {
            if let Err(error) = act(&client, message.text().as_deref().unwrap_or_default()).await {
                report::error(&error);
            }
        }
    })?;
    client.on_card(|action| async move {
        report::count();
        respond(&action)
    })?;
    client.run().await
}

fn respond(action: &CardAction) -> Value {
    if action.action_type().as_deref() == Some("dynamicDataCallback") {
        let sources = action.dynamic_data_source_ids().unwrap_or_default();
        let sources = sources.as_array().into_iter().flatten().filter_map(Value::as_str);
        return sources.fold(DynamicData::new(), |data, id| data.value(id, json!({ "x": 1 }))).to_json();
    }
    report::line(&json!({ "clicked": {
        "actionIds": action.action_ids(),
        "params": action.params(),
        "userId": action.user_id(),
    } }));
    CardResponse::new().value("count", 1).private_value("title", "mine").to_json()
}

async fn act(client: &Client, text: &str) -> Result<()> {
    match text {
        "send" => send(client).await,
        "update" => {
            client.card_update(CardChange::of("t-1").value("count", 2)).await?;
            report::line(&json!({ "updated": true }));
            Ok(())
        }
        "top" => top(client).await,
        "public" => public(client).await,
        "route" => {
            client.card_register_callback("r", "https://example.com/c", "planted-route-secret", true).await?;
            report::line(&json!({ "route": true }));
            Ok(())
        }
        "standard" => standard(client).await,
        "refused" => client.card_send(Card::new("StandardCard").space(Space::group(GROUP))).await.map(drop),
        _ => client.card_update(CardChange::of("nobody").value("title", "t")).await.map(drop),
    }
}

async fn send(client: &Client) -> Result<()> {
    let card = Card::new(TEMPLATE)
        .track_id("t-1")
        .value("title", "t")
        .value("count", 1)
        .value("list", json!([{ "a": true }]))
        .private_value("u1", "title", "for you")
        .last_message("news", "news")
        .space(Space::group(GROUP).at("@ALL", "@ALL"))
        .space(Space::robot("u1"));
    let told = client.card_send(card).await?;
    let count = told.len("/deliverResults").unwrap_or_default();
    let spaces: Vec<_> = (0..count).map(|at| told.bool(&format!("/deliverResults/{at}/success"))).collect();
    report::line(&json!({ "sent": { "outTrackId": told.text("/outTrackId"), "spaces": spaces } }));
    Ok(())
}

async fn top(client: &Client) -> Result<()> {
    let card = || Card::new(TEMPLATE).track_id("t-2").value("title", "t");
    let on_top = || card().space(Space::top(GROUP, 4_000_000_000_000));
    client.card_create(card().space(Space::group(GROUP))).await?;
    client.card_add_spaces(on_top()).await?;
    client.card_deliver(on_top()).await?;
    client.card_close_top("t-2", GROUP).await?;
    report::line(&json!({ "top": true }));
    Ok(())
}

async fn public(client: &Client) -> Result<()> {
    let all = [
        Card::markdown("t", "m"),
        Card::markdown_buttons("m", "x", [CardButton::link("b", "https://e")]),
        Card::ai_markdown("m", [CardButton::action("b", "i")]),
        Card::carousel("m", [("s".to_owned(), "@i".to_owned())], "Choose"),
    ];
    let count = all.len();
    for card in all {
        client.card_send(card.space(Space::group(GROUP))).await?;
    }
    report::line(&json!({ "public": count }));
    Ok(())
}

async fn standard(client: &Client) -> Result<()> {
    let card = |text: &str| json!({ "contents": [{ "type": "markdown", "text": text, "id": "1" }] });
    let told = client.standard_card_send(Target::Group(GROUP.to_owned()), "biz-1", card("a")).await?;
    client.standard_card_update("biz-1", card("b")).await?;
    report::line(&json!({ "standard": told.text("/cardBizId") }));
    Ok(())
}
