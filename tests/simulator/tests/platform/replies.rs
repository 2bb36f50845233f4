//! The session webhook.

use serde_json::{Value, json};

use crate::harness::{Bot, Sim, data};

async fn session_webhook(sim: &Sim, bot: &mut Bot) -> String {
    sim.order("push", json!({"kind": "message", "conversationId": "cid1"})).await;
    data(&bot.frame().await)["sessionWebhook"].as_str().expect("a webhook").to_owned()
}

async fn send(sim: &Sim, webhook: &str, body: &Value) -> Value {
    let response = sim.http.post(webhook).json(body).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn a_reply_is_taken_and_recorded_with_its_conversation() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let webhook = session_webhook(&sim, &mut bot).await;
    let button = json!({"title": "a", "actionURL": "https://a"});
    let single = json!({"title": "t", "text": "x", "singleTitle": "s", "singleURL": "u", "btns": [{}]});
    for (before, body) in [
        json!({"msgtype": "text", "text": {"content": "hi"}, "at": {"isAtAll": false}}),
        json!({"msgtype": "markdown", "markdown": {"title": "t", "text": "x"}}),
        json!({"msgtype": "link", "link": {"title": "t", "text": "x", "messageUrl": "https://a"}}),
        json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x", "btns": [button]}}),
        json!({"msgtype": "actionCard", "actionCard": single}),
        json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "t", "messageURL": "u", "picURL": "p"}]}}),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(send(&sim, &webhook, &body).await, json!({"errcode": 0, "errmsg": "ok"}));
        let replies = sim.records(&format!("kind=reply&count={}", before + 1)).await;
        let reply = replies.last().expect("a reply");
        assert_eq!((&reply["body"], &reply["conversationId"]), (&body, &json!("cid1")));
        assert_eq!((&reply["errcode"], &reply["clientId"]), (&json!(0), &json!("ding-demo")));
    }
}

#[tokio::test]
async fn an_assistant_takes_a_card_that_shows_markdown_and_nothing_else() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "graph", "assistant": true, "body": {"a": 1}})).await;
    let body: Value = serde_json::from_str(data(&bot.frame().await)["body"].as_str().expect("a text")).expect("JSON");
    let webhook = body["sessionWebhook"].as_str().expect("a webhook");
    let card = json!({"contentType": "ai_card", "content": {"templateId": "t", "cardData": {"content": "x"}}});
    assert_eq!(send(&sim, webhook, &card).await["errcode"], 0);
    assert_eq!(send(&sim, webhook, &json!({"msgtype": "text", "text": {"content": "x"}})).await["errcode"], 400_105);
    assert_eq!(body["a"], 1);
}

#[tokio::test]
async fn what_dingtalk_refuses_is_refused_in_its_words() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let webhook = session_webhook(&sim, &mut bot).await;
    for (body, errcode, errmsg) in [
        (json!("text"), 40_035, "缺少参数 json"),
        (json!({"msgtype": "poem"}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "image", "image": {"photoURL": "@l"}}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "audio", "audio": {"mediaId": "@a"}}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "file", "file": {"mediaId": "@f"}}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "video", "video": {"videoMediaId": "$v"}}), 400_105, "不支持的消息类型"),
        (json!({"text": {"content": "hi"}}), 400_105, "不支持的消息类型"),
        (json!({"msgtype": "text", "text": {"content": ""}}), 400_202, "miss param : text->content"),
        (json!({"msgtype": "markdown"}), 400_401, "miss param : markdown"),
        (json!({"msgtype": "markdown", "markdown": {"text": "x"}}), 400_402, "miss param : markdown->title"),
        (json!({"msgtype": "link", "link": {"text": "x", "title": "t"}}), 400_304, "miss param : link->messageUrl"),
        (json!({"msgtype": "feedCard", "feedCard": {"links": []}}), 400_602, "miss param : feedCard->links"),
        (
            json!({"msgtype": "feedCard", "feedCard": {"links": [{"title": "t", "messageURL": "u"}]}}),
            400_605,
            "miss param : feedCard->links->picURL",
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x", "btns": [{"actionURL": "u"}]}}),
            400_507,
            "miss param : actionCard->btns->title",
        ),
        (
            json!({"msgtype": "actionCard", "actionCard": {"title": "t", "text": "x", "singleTitle": "s"}}),
            400_505,
            "miss param : actionCard->singleURL",
        ),
        (
            json!({"msgtype": "text", "text": {"content": "x".repeat(20_000)}}),
            460_101,
            "message too long, exceed 20000 bytes",
        ),
    ] {
        assert_eq!(send(&sim, &webhook, &body).await, json!({"errcode": errcode, "errmsg": errmsg}));
    }
    let form = sim.http.post(&webhook).header("content-type", "text/plain").body("{}").send().await;
    let refused: Value = form.expect("an answer").json().await.expect("JSON");
    assert_eq!(refused["errcode"], 43_004);
    let broken = sim.http.post(&webhook).header("content-type", "application/json").body("{").send().await;
    let refused: Value = broken.expect("an answer").json().await.expect("JSON");
    assert_eq!(refused["errcode"], 40_035);
}

#[tokio::test]
async fn a_session_ends_after_ninety_minutes() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let webhook = session_webhook(&sim, &mut bot).await;
    let body = json!({"msgtype": "text", "text": {"content": "hi"}});
    let gone = json!({"errcode": 300_001, "errmsg": "session 不存在"});
    assert_eq!(send(&sim, &sim.url("/robot/sendBySession?session=made-up"), &body).await, gone);
    sim.order("clock", json!({"advance": 5_400_001})).await;
    assert_eq!(send(&sim, &webhook, &body).await, gone);
    assert_eq!(sim.record("kind=reply&conversationId=cid1").await["errcode"], 300_001);
}

#[tokio::test]
async fn the_webhook_is_where_the_endpoint_is() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    for (base, begins) in [("ws://localhost:4000", "http://localhost:4000/"), ("wss://ws.test", "https://ws.test/")] {
        sim.order("settings", json!({"endpointBase": base})).await;
        let webhook = session_webhook(&sim, &mut bot).await;
        assert!(webhook.starts_with(begins), "{webhook}");
    }
}

#[tokio::test]
async fn the_webhook_fails_on_order() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let webhook = session_webhook(&sim, &mut bot).await;
    let body = json!({"msgtype": "text", "text": {"content": "hi"}});
    sim.order("break", json!({"what": "webhook", "errcode": 310_000, "errmsg": "sign not match", "times": 1})).await;
    let failed = send(&sim, &webhook, &body).await;
    assert_eq!(failed, json!({"errcode": 310_000, "errmsg": "sign not match"}));
    assert_eq!(send(&sim, &webhook, &body).await["errcode"], 0);
    sim.order("break", json!({"what": "webhook", "html": true})).await;
    let page = sim.http.post(&webhook).json(&body).send().await.expect("an answer").text().await;
    assert!(page.expect("a body").starts_with("<!DOCTYPE html>"));
    let codes: Vec<_> = sim.records("kind=reply&count=3").await.iter().map(|one| one["errcode"].clone()).collect();
    assert_eq!(codes, [json!(310_000), json!(0), Value::Null]);
}
