//! What the typed views say.

use dingstream::stream::topics;
use dingstream::{BotMessage, GraphResponse, Message, Result};
use serde_json::{Map, Value, json};

use crate::{bot, report};

pub(crate) async fn read() -> Result<()> {
    let client = bot::client()?;
    client.on_message(|message| async move { tell(&message) })?;
    client.on(topics::BOT_DELEGATE, |delivery| async move { tell(&delivery.into()) })?;
    client.on_event(|event| async move {
        report::count();
        report::line(&json!({ "read": {
            "eventType": event.event_type(),
            "eventId": event.event_id(),
            "bornTime": event.born_time(),
        } }));
    })?;
    client.on_card(|action| async move {
        report::count();
        report::line(&json!({ "read": {
            "outTrackId": action.out_track_id(),
            "userId": action.user_id(),
            "actionIds": action.action_ids(),
            "params": action.params(),
        } }));
    })?;
    client.run().await
}

fn tell(message: &BotMessage) {
    report::count();
    report::line(&json!({ "read": {
        "text": message.text(),
        "msgtype": message.msgtype(),
        "conversationType": message.conversation_type(),
        "createAt": message.create_at(),
        "senderNick": message.sender_nick(),
        "isAdmin": message.is_admin(),
        "atUsers": message.at_users(),
        "content": message.content(),
    } }));
    let rich = rich(message);
    if !rich.is_empty() {
        report::line(&json!({ "rich": rich }));
    }
}

fn rich(message: &BotMessage) -> Map<String, Value> {
    let all = json!({
        "downloadCodes": message.download_codes(),
        "fileName": message.file_name(),
        "recognition": message.recognition(),
        "duration": message.duration(),
        "videoType": message.video_type(),
        "isReply": message.is_reply(),
        "quotedMsgId": message.quoted_msg_id(),
        "quotedText": message.quoted_text(),
        "hostingUserId": message.hosting_user_id(),
        "errorCode": message.error_code(),
        "errorMessage": message.error_message(),
        "cardUrl": message.card_url(),
    });
    all.as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

pub(crate) async fn graph() -> Result<()> {
    let client = bot::client()?;
    client.on_graph(|request| async move {
        report::count();
        if request.uri().as_deref() == Some("/reply") {
            match request.reply(Message::markdown("echo", "**hi**")).await {
                Ok(told) => report::line(&json!({ "replied": told.text("/via") })),
                Err(error) => report::error(&error),
            }
        } else {
            report::line(&json!({ "graph": {
                "method": request.method(),
                "uri": request.uri(),
                "body": request.body(),
                "pluginId": request.plugin_id(),
            } }));
        }
        GraphResponse::json(201, &json!({ "echo": request.method() })).header("x-trace", "t")
    })?;
    client.run().await
}
