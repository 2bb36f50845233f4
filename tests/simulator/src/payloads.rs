//! What each kind of push carries, field by field as DingTalk sends it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::apps::App;
use crate::card::{self, Click};
use crate::control::Refused;
use crate::events;
use crate::frames::Content;
use crate::patch::merge;
use crate::platform::Platform;
use crate::push_request::PushRequest;
use crate::webhook::SESSION_LIFE_MS;

pub(crate) const CORP_ID: &str = "dingsimulator0corp0000000000000000";
const MESSAGE_TOPIC: &str = "/v1.0/im/bot/messages/get";
const CARD_TOPIC: &str = "/v1.0/card/instances/callback";
const DYNAMIC_TOPIC: &str = "/v1.0/card/dynamicData/get";
const GRAPH_TOPIC: &str = "/v1.0/graph/api/invoke";

pub(crate) fn content(
    platform: &Platform,
    request: &PushRequest,
    app: &App,
    click: Option<Click>,
) -> Result<Content, Refused> {
    let callback = |topic: &str, mut data: Value| {
        if let Some(patch) = &request.data {
            merge(&mut data, patch);
        }
        Content { frame_type: "CALLBACK", topic: topic.to_owned(), data: data.to_string(), ..Content::default() }
    };
    let given = |fallback: &str| match &request.data {
        Some(data) => data.to_string(),
        None => fallback.to_owned(),
    };
    let mut content = match request.kind.as_str() {
        "message" => message(platform, request, app)?,
        "event" => event(platform, request, app, &given)?,
        "card" if request.dynamic.is_some() => callback(CARD_TOPIC, card::query(platform, request)),
        "card" => callback(CARD_TOPIC, card::action(platform, request, click.as_ref())),
        "dynamic" => callback(DYNAMIC_TOPIC, card::query(platform, request)),
        "graph" => callback(GRAPH_TOPIC, graph(platform, request, app)?),
        "callback" => {
            let topic = request.topic.as_deref().ok_or_else(|| Refused::bad("a callback needs its topic"))?;
            Content { data: given("{}"), ..callback(topic, Value::Null) }
        }
        "system" => {
            let topic = request.topic.as_deref().ok_or_else(|| Refused::bad("a system frame needs its topic"))?;
            Content { frame_type: "SYSTEM", topic: topic.to_owned(), data: given("{}"), ..Content::default() }
        }
        other => return Err(Refused::bad(format!("there is no kind \"{other}\" of push"))),
    };
    if let Some(topic) = &request.topic {
        content.topic.clone_from(topic);
    }
    content.click = click;
    content.client_id.clone_from(&app.client_id);
    content.app_id.clone_from(&app.app_id);
    content.header_patch.clone_from(&request.headers);
    content.frame_patch.clone_from(&request.frame);
    content.frame_raw.clone_from(&request.frame_raw);
    Ok(content)
}

pub(crate) fn raw_bytes(request: &PushRequest) -> Result<Vec<u8>, Refused> {
    match (&request.text, &request.base64) {
        (Some(text), None) => Ok(text.clone().into_bytes()),
        (None, Some(base64)) => STANDARD.decode(base64).map_err(|error| Refused::bad(format!("bad base64: {error}"))),
        _ => Err(Refused::bad("a raw frame is given as text or as base64")),
    }
}

fn message(platform: &Platform, request: &PushRequest, app: &App) -> Result<Content, Refused> {
    let group = request.conversation_type.as_deref() == Some("2");
    let staff = request.sender_staff_id.as_deref().unwrap_or("manager7543");
    let conversation = request.conversation_id.clone().unwrap_or_else(|| {
        let seed = if group { "group".to_owned() } else { format!("single {staff}") };
        format!("cid{}", STANDARD.encode(seed))
    });
    let bot = encrypted(&app.client_id);
    let msg_id = request.msg_id.clone().unwrap_or_else(|| platform.dice.msg_id());
    let session = platform.dice.hex();
    let now = platform.clock.now();
    let mut data = json!({
        "senderPlatform": "Mac",
        "conversationId": conversation,
        "chatbotCorpId": CORP_ID,
        "chatbotUserId": bot,
        "msgId": msg_id,
        "senderNick": request.sender_nick.as_deref().unwrap_or("小钉"),
        "isAdmin": true,
        "senderStaffId": staff,
        "sessionWebhookExpiredTime": now + SESSION_LIFE_MS,
        "createAt": now,
        "senderCorpId": CORP_ID,
        "conversationType": if group { "2" } else { "1" },
        "senderId": encrypted(staff),
        "sessionWebhook": format!("{}/robot/sendBySession?session={session}", platform.webhook_base()),
        "robotCode": app.client_id,
    });
    if group {
        data["atUsers"] = json!([{"dingtalkId": bot}]);
        data["conversationTitle"] = json!(request.conversation_title.as_deref().unwrap_or("测试群"));
        data["isInAtList"] = json!(true);
    }
    let msgtype = request.msgtype.as_deref().unwrap_or("text");
    // What DingTalk leaves where the mention of the bot was.
    let text = format!("{}{}", if group { " " } else { "" }, request.text.as_deref().unwrap_or("你好"));
    if msgtype == "text" {
        data["text"] = json!({"content": text});
    } else {
        let known = body(platform, msgtype, &text);
        data["content"] = known.ok_or_else(|| Refused::bad(format!("there is no msgtype \"{msgtype}\"")))?;
    }
    data["msgtype"] = json!(msgtype);
    if let Some(patch) = &request.data {
        merge(&mut data, patch);
    }
    let text_of = |field: &str| data.get(field).and_then(Value::as_str).map(str::to_owned);
    let expires = data.get("sessionWebhookExpiredTime").and_then(Value::as_u64).unwrap_or(now + SESSION_LIFE_MS);
    platform.sessions.open(session.clone(), &app.client_id, text_of("conversationId").unwrap_or(conversation), expires);
    Ok(Content {
        frame_type: "CALLBACK",
        topic: MESSAGE_TOPIC.to_owned(),
        msg_id: text_of("msgId"),
        data: data.to_string(),
        session: Some(session),
        ..Content::default()
    })
}

fn body(platform: &Platform, msgtype: &str, text: &str) -> Option<Value> {
    let code = || STANDARD.encode(platform.dice.uuid());
    Some(match msgtype {
        "richText" => json!({"richText": [
            {"text": text},
            {"type": "picture", "downloadCode": code(), "pictureDownloadCode": code()},
        ]}),
        "picture" => json!({"downloadCode": code(), "pictureDownloadCode": code()}),
        "audio" => json!({"duration": 4000, "downloadCode": code(), "recognition": text}),
        "video" => json!({"duration": 4000, "downloadCode": code(), "videoType": "mp4"}),
        "file" => {
            json!({"fileName": "foobar.zip", "downloadCode": code(), "spaceId": "22345573", "fileId": "11789848"})
        }
        "interactiveCard" => json!({"biz_custom_action_url": "https://alidocs.dingtalk.com/i/nodes/1", "text": text}),
        "chatRecord" => json!({
            "title": "聊天记录",
            "summary": text,
            "chatRecord": [{"senderNick": "小钉", "msgtype": "text", "text": {"content": text}}],
        }),
        "markdown" => json!({"text": text}),
        "unknownMsgType" => json!({"unknownMsgType": "用户发送了一条消息，机器人暂不支持接收。"}),
        _ => return None,
    })
}

fn event(
    platform: &Platform,
    request: &PushRequest,
    app: &App,
    given: &dyn Fn(&str) -> String,
) -> Result<Content, Refused> {
    let event_type = request.event_type.as_deref().ok_or_else(|| Refused::bad("an event needs its eventType"))?;
    let event_id = request.event_id.clone().unwrap_or_else(|| platform.dice.hex());
    let mut headers = Map::new();
    headers.insert("eventType".to_owned(), json!(event_type));
    headers.insert("eventId".to_owned(), json!(event_id));
    headers.insert("eventCorpId".to_owned(), json!(CORP_ID));
    headers.insert("eventBornTime".to_owned(), json!(platform.clock.now().to_string()));
    headers.insert("eventUnifiedAppId".to_owned(), json!(app.app_id));
    Ok(Content {
        frame_type: "EVENT",
        topic: "*".to_owned(),
        headers,
        data: given(events::sample(event_type)),
        event_id: Some(event_id),
        ..Content::default()
    })
}

/// An assistant's request leads back to its conversation by a session webhook of its own, in the body.
fn graph(platform: &Platform, request: &PushRequest, app: &App) -> Result<Value, Refused> {
    let mut body = request.body.clone().unwrap_or_else(|| json!({}));
    if request.assistant {
        let session = platform.dice.hex();
        let address = format!("{}/robot/sendBySession?session={session}", platform.webhook_base());
        let body = body.as_object_mut().ok_or_else(|| Refused::bad("an assistant's body is an object"))?;
        body.insert("sessionWebhook".to_owned(), address.into());
        platform.sessions.open_for_assistant(session, &app.client_id, platform.clock.now() + SESSION_LIFE_MS);
    }
    let body = match body {
        Value::String(text) => text,
        body => body.to_string(),
    };
    let uri = "/v1/actions/example/weather/get?date=2021-10-1&location=%E6%9D%AD%E5%B7%9E";
    Ok(json!({
        "requestLine": {
            "method": request.method.as_deref().unwrap_or("GET"),
            "uri": request.uri.as_deref().unwrap_or(uri),
        },
        "headers": {"content-type": "application/json", "x-plugin-id": "plugin-1"},
        "body": body,
    }))
}

/// The shape in which DingTalk shows a user to a bot.
fn encrypted(id: &str) -> String {
    format!("$:LWCP_v1:${}", STANDARD.encode(id))
}
