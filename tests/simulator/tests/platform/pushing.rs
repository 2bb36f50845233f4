//! What is pushed, to whom, and in which shape.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::harness::{MESSAGES, Sim, data};

#[tokio::test]
async fn a_text_message_has_every_common_field() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let pushed = sim.order("push", json!({"kind": "message", "text": "hi"})).await;
    let frame = bot.frame().await;
    assert_eq!(frame["specVersion"], "1.0");
    assert_eq!(frame["type"], "CALLBACK");
    assert_eq!(frame["headers"]["topic"], MESSAGES);
    assert_eq!(frame["headers"]["messageId"], pushed["messageId"]);
    assert_eq!(frame["headers"]["connectionId"], bot.id);
    assert_eq!(frame["headers"]["contentType"], "application/json");
    assert!(frame["headers"]["time"].as_str().is_some_and(|time| time.parse::<u64>().is_ok()));
    let message = data(&frame);
    assert_eq!(message["msgId"], pushed["msgId"]);
    assert_eq!(message["text"], json!({"content": "hi"}));
    assert_eq!(message["conversationType"], "1");
    assert_eq!(message["robotCode"], "ding-demo");
    let lives = message["sessionWebhookExpiredTime"].as_u64().zip(message["createAt"].as_u64());
    assert_eq!(lives.map(|(end, start)| end - start), Some(5_400_000));
    let own = sim.url("/robot/sendBySession?session=");
    assert!(message["sessionWebhook"].as_str().is_some_and(|url| url.starts_with(&own)));
    for field in ["senderId", "senderNick", "senderStaffId", "senderCorpId", "chatbotUserId", "chatbotCorpId"] {
        assert!(message[field].is_string(), "{field}");
    }
}

#[tokio::test]
async fn a_group_message_keeps_the_space_where_the_mention_was() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message", "text": "hi", "conversationType": "2"})).await;
    let message = data(&bot.frame().await);
    assert_eq!(message["text"]["content"], " hi");
    assert_eq!(message["isInAtList"], true);
    assert!(message["conversationTitle"].is_string());
    assert_eq!(message["atUsers"][0]["dingtalkId"], message["chatbotUserId"]);
}

#[tokio::test]
async fn every_msgtype_arrives() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    for (msgtype, field) in [
        ("richText", "/content/richText/1/downloadCode"),
        ("picture", "/content/downloadCode"),
        ("audio", "/content/recognition"),
        ("video", "/content/videoType"),
        ("file", "/content/fileName"),
        ("unknownMsgType", "/content/unknownMsgType"),
    ] {
        sim.order("push", json!({"kind": "message", "msgtype": msgtype})).await;
        let message = data(&bot.frame().await);
        assert_eq!(message["msgtype"], msgtype);
        assert!(message.pointer(field).is_some_and(Value::is_string), "{msgtype}");
    }
}

#[tokio::test]
async fn an_event_carries_its_headers_and_sample_data() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let pushed = sim.order("push", json!({"kind": "event", "eventType": "user_add_org"})).await;
    let frame = bot.frame().await;
    assert_eq!((&frame["type"], &frame["headers"]["topic"]), (&json!("EVENT"), &json!("*")));
    assert_eq!(frame["headers"]["eventType"], "user_add_org");
    assert_eq!(frame["headers"]["eventId"], pushed["eventId"]);
    for header in ["eventCorpId", "eventBornTime", "eventUnifiedAppId"] {
        assert!(frame["headers"][header].is_string(), "{header}");
    }
    assert!(data(&frame)["userId"].is_array());
    sim.order("push", json!({"kind": "event", "eventType": "mine", "eventId": "e-1", "data": {"a": 1}})).await;
    let frame = bot.frame().await;
    assert_eq!((&frame["headers"]["eventId"], data(&frame)), (&json!("e-1"), json!({"a": 1})));
}

#[tokio::test]
async fn a_card_action_is_json_in_json_in_json() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let order = json!({"kind": "card", "actionIds": ["like"], "params": {"n": "1"}, "outTrackId": "t-1"});
    sim.order("push", order).await;
    let card = data(&bot.frame().await);
    assert_eq!((&card["type"], &card["outTrackId"]), (&json!("actionCallback"), &json!("t-1")));
    assert_eq!(card["content"], card["value"]);
    let content: Value = serde_json::from_str(card["content"].as_str().expect("a string")).expect("JSON");
    assert_eq!(content, json!({"cardPrivateData": {"actionIds": ["like"], "params": {"n": "1"}}}));
}

#[tokio::test]
async fn dynamic_data_graph_requests_and_any_other_topic_arrive() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "dynamic"})).await;
    assert_eq!(data(&bot.frame().await)["type"], "dynamicDataCallback");
    sim.order("push", json!({"kind": "graph", "method": "POST", "uri": "/a?b=c", "body": {"d": 1}})).await;
    let graph = data(&bot.frame().await);
    assert_eq!(graph["requestLine"], json!({"method": "POST", "uri": "/a?b=c"}));
    assert_eq!(graph["body"], r#"{"d":1}"#);
    sim.order("push", json!({"kind": "callback", "topic": "/v1.0/x", "data": [1, 2]})).await;
    let frame = bot.frame().await;
    assert_eq!((&frame["headers"]["topic"], data(&frame)), (&json!("/v1.0/x"), json!([1, 2])));
    sim.order("push", json!({"kind": "system", "topic": "KEEPALIVE", "data": {}})).await;
    assert_eq!(bot.frame().await["type"], "SYSTEM");
}

#[tokio::test]
async fn any_field_of_a_frame_can_be_changed_or_removed() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let order = json!({
        "kind": "message",
        "data": {"senderStaffId": null, "createAt": "1", "more": {"a": 1}},
        "headers": {"messageId": null, "time": 1},
        "frame": {"specVersion": null, "extra": true},
    });
    sim.order("push", order).await;
    let frame = bot.frame().await;
    assert_eq!((&frame["headers"]["time"], &frame["extra"]), (&json!(1), &json!(true)));
    assert!(frame.get("specVersion").is_none() && frame["headers"].get("messageId").is_none());
    let message = data(&frame);
    assert!(message.get("senderStaffId").is_none());
    assert_eq!((&message["createAt"], &message["more"]), (&json!("1"), &json!({"a": 1})));

    let literal = json!({"type": "EVENT", "headers": {"messageId": "m", "x": null}, "data": null});
    sim.order("push", json!({"kind": "event", "eventType": "x", "frameRaw": literal})).await;
    assert_eq!(bot.frame().await, literal);
}

#[tokio::test]
async fn the_same_push_can_be_made_twice_and_both_are_owed_an_answer() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    for push in [
        json!({"kind": "message", "msgId": "msg-1", "count": 2}),
        json!({"kind": "card", "headers": {"messageId": "frame-1"}, "count": 2}),
    ] {
        sim.order("push", push).await;
        let (first, second) = (bot.frame().await, bot.frame().await);
        bot.answer(&first, 200, json!({})).await;
        bot.answer(&second, 200, json!({})).await;
    }
    let answers = sim.records("kind=answer&count=4").await;
    assert!(answers.iter().all(|answer| answer["owed"] == true), "{answers:?}");
    assert_eq!((&answers[0]["msgId"], &answers[1]["msgId"]), (&json!("msg-1"), &json!("msg-1")));
    assert_eq!((&answers[2]["messageId"], &answers[3]["messageId"]), (&json!("frame-1"), &json!("frame-1")));
}

#[tokio::test]
async fn one_order_spreads_over_conversations() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message", "count": 5, "conversations": 2})).await;
    for conversation in ["cid-0", "cid-1", "cid-0", "cid-1", "cid-0"] {
        assert_eq!(data(&bot.frame().await)["conversationId"], conversation);
    }
}

#[tokio::test]
async fn raw_frames_go_out_as_they_are_even_when_they_are_not_utf8() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "frame", "text": "not json"})).await;
    assert_eq!(bot.message().await.expect("a frame"), Message::text("not json"));
    sim.order("push", json!({"kind": "frame", "base64": "AP8=", "binary": true})).await;
    assert_eq!(bot.message().await.expect("a frame"), Message::binary(vec![0, 255]));
    sim.order("push", json!({"kind": "frame", "base64": "AP8="})).await;
    assert!(matches!(bot.message().await, Err(Error::Utf8(_))));
}

#[tokio::test]
async fn a_push_goes_to_a_connection_that_subscribed_it() {
    let sim = Sim::start();
    let _events = sim.bot(&[("EVENT", "*")]).await;
    let messages = sim.bot(&[("CALLBACK", MESSAGES)]).await;
    for _ in 0..5 {
        let pushed = sim.order("push", json!({"kind": "message"})).await;
        assert_eq!(pushed["connection"], messages.id);
    }
    let unheard = sim.order("push", json!({"kind": "card"})).await;
    assert_eq!((&unheard["delivered"], &unheard["connection"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn pushes_spread_over_connections_the_same_way_for_the_same_seed() {
    let mut transcripts = Vec::new();
    for _ in 0..2 {
        let sim = Sim::start();
        sim.order("settings", json!({"seed": 7})).await;
        let bots = [sim.any_bot().await, sim.any_bot().await];
        let pushed = sim.order("push", json!({"kind": "message", "count": 20})).await;
        let pushed = pushed["pushed"].as_array().cloned().expect("a list");
        let to = |bot: usize| pushed.iter().map(|one| one["connection"] == bots[bot].id).collect::<Vec<_>>();
        assert!(to(0).contains(&true) && to(1).contains(&true));
        transcripts.push(to(0));
    }
    assert_eq!(transcripts[0], transcripts[1]);
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused_with_a_reason() {
    let sim = Sim::start();
    for order in [
        json!({"kind": "nonsense"}),
        json!({"kind": "message", "misspelt": 1}),
        json!({"kind": "message", "msgtype": "nonsense"}),
        json!({"kind": "event"}),
        json!({"kind": "callback"}),
        json!({"kind": "frame"}),
        json!({"kind": "message", "conversations": 0}),
    ] {
        let (status, refused) = sim.post("/_sim/push", order).await;
        assert_eq!(status, 400);
        assert!(refused["error"].is_string());
    }
    assert_eq!(sim.post("/_sim/push", json!({"kind": "message", "connection": "gone"})).await.0, 404);
    assert_eq!(sim.post("/_sim/push", json!({"kind": "message", "clientId": "gone"})).await.0, 404);
}
