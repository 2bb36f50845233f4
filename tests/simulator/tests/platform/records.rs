//! What a test can learn, and what it can't.

use serde_json::json;

use crate::harness::{Sim, data};

#[tokio::test]
async fn an_answer_is_kept_exactly_as_it_came() {
    let sim = Sim::start();
    let mut bot = sim.any_bot().await;
    let pushed = sim.order("push", json!({"kind": "message"})).await;
    let frame = bot.frame().await;
    let answer = json!({
        "code": 200,
        "headers": {"messageId": frame["headers"]["messageId"]},
        "message": "OK",
        "data": "{\"response\": null}",
    });
    bot.send(answer.clone()).await;
    bot.send(answer.clone()).await;
    let records = sim.records("kind=answer&count=2").await;
    assert_eq!(records[0]["raw"], answer.to_string());
    assert_eq!((&records[0]["code"], &records[0]["data"]), (&json!(200), &json!("{\"response\": null}")));
    assert_eq!((&records[0]["msgId"], &records[0]["connection"]), (&pushed["msgId"], &json!(bot.id)));
    assert_eq!((&records[0]["owed"], &records[1]["owed"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn an_answer_on_another_connection_is_not_owed_there() {
    let sim = Sim::start();
    let (mut first, mut second) = (sim.any_bot().await, sim.any_bot().await);
    sim.order("push", json!({"kind": "message", "connection": first.id})).await;
    let frame = first.frame().await;
    second.answer(&frame, 200, json!({})).await;
    assert_eq!(sim.record("kind=answer").await["owed"], false);
}

#[tokio::test]
async fn older_records_make_room() {
    let sim = Sim::start();
    sim.order("settings", json!({"keptRecords": 2})).await;
    let pushed = sim.order("push", json!({"kind": "message", "count": 3})).await;
    let kept = sim.records_now("").await;
    let ids: Vec<_> = kept.iter().map(|record| &record["messageId"]).collect();
    assert_eq!(ids, [&pushed["pushed"][1]["messageId"], &pushed["pushed"][2]["messageId"]]);
}

#[tokio::test]
async fn a_reader_waits_for_what_has_not_happened_yet() {
    let sim = Sim::start();
    let (record, ()) = tokio::join!(sim.record("kind=push"), async {
        sim.order("push", json!({"kind": "message"})).await;
    });
    assert_eq!(record["delivered"], false);
    let state = sim.get("/_sim/records?kind=push&wait=0").await;
    let later = sim.get(&format!("/_sim/records?kind=push&wait=0&since={}", state["next"])).await;
    assert_eq!(later["records"], json!([]));
}

#[tokio::test]
async fn secrets_tickets_tokens_and_sessions_are_in_no_record() {
    let sim = Sim::start();
    let address = sim.address(&[("CALLBACK", crate::harness::MESSAGES)]).await;
    let (_, ticket) = address.split_once("ticket=").expect("a ticket");
    let mut bot = sim.any_bot().await;
    sim.order("push", json!({"kind": "message"})).await;
    let webhook = data(&bot.frame().await)["sessionWebhook"].as_str().expect("a webhook").to_owned();
    let (_, session) = webhook.split_once("session=").expect("a session");
    sim.http.post(&webhook).json(&json!({"msgtype": "empty"})).send().await.expect("an answer");
    let asked = json!({"appKey": "ding-demo", "appSecret": "demo-secret"});
    let (_, token) = sim.post("/v1.0/oauth2/accessToken", asked).await;
    let token = token["accessToken"].as_str().expect("a token");
    let told = json!({"clientSecret": "a-secret", "list": [{"refreshToken": "a-refresh-token"}]});
    sim.call_as(token, &format!("/topapi/x?access_token={token}&sign=a-sign"), &told).await;
    sim.order("robots", json!({"accessToken": "a-robot-token", "secret": "a-robot-secret"})).await;
    sim.post("/robot/send?access_token=a-robot-token", json!({"msgtype": "empty"})).await;
    let kinds = "kind=open,connect,push,reply,token,request,robot&count=8";
    let all = serde_json::to_string(&sim.records(kinds).await).expect("JSON");
    for secret in ["demo-secret", ticket, session, token] {
        assert!(!all.contains(secret));
    }
    for secret in ["a-secret", "a-refresh-token", "a-sign", "a-robot-token", "a-robot-secret"] {
        assert!(!all.contains(secret));
    }
}
