//! What an application's robot sends by OpenAPI.

use serde_json::{Value, json};

use crate::harness::{Sim, TO_GROUP, TO_USERS, to_group, to_users, with};

const TO_PRIVATE_CHAT: &str = "/v1.0/robot/privateChatMessages/send";
const DING: &str = "/v1.0/robot/ding/send";

#[tokio::test]
async fn a_message_is_sent_and_recorded_as_it_will_be_read() {
    let sim = Sim::start();
    let (status, sent) = sim.call(TO_GROUP, &to_group("cid1")).await;
    assert_eq!(status, 200);
    let record = sim.record("kind=send&conversationId=cid1").await;
    assert_eq!(record["msgParam"], json!({"content": "hi"}));
    assert_eq!((&record["msgKey"], &record["robotCode"]), (&json!("sampleText"), &json!("ding-demo")));
    assert_eq!((&record["processQueryKey"], &record["status"]), (&sent["processQueryKey"], &json!(200)));
    let private = with(to_group("cid2"), json!({"coolAppCode": "COOLAPP-1"}));
    assert!(sim.call(TO_PRIVATE_CHAT, &private).await.1["processQueryKey"].is_string());
    assert_eq!(sim.record("kind=send&conversationId=cid2").await["coolAppCode"], "COOLAPP-1");
}

#[tokio::test]
async fn a_batch_fails_for_some_and_succeeds_for_others() {
    let sim = Sim::start();
    sim.order("settings", json!({"knownUsers": ["u1", "u2", "u3"], "flowControlledUsers": ["u2"]})).await;
    let (status, sent) = sim.call(TO_USERS, &to_users(&["u1", "u2", "nobody", "u3"])).await;
    assert_eq!(status, 200);
    assert_eq!(sent["invalidStaffIdList"], json!(["nobody"]));
    assert_eq!(sent["flowControlledStaffIdList"], json!(["u2"]));
    assert_eq!(sim.record("kind=send").await["invalidStaffIdList"], json!(["nobody"]));
}

#[tokio::test]
async fn the_key_of_a_message_survives_only_percent_encoding() {
    let sim = Sim::start();
    let (_, sent) = sim.call(TO_USERS, &to_users(&["u1"])).await;
    let key = sent["processQueryKey"].as_str().expect("a key");
    assert!(["+", "/", "="].iter().all(|special| key.contains(special)), "{key}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_keys() {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let sim = Sim::start();
        keys.push(sim.call(TO_USERS, &to_users(&["u1"])).await);
    }
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn what_can_not_be_sent_is_refused_with_its_code() {
    let sim = Sim::start();
    let many: Vec<_> = (0..21).map(|n| n.to_string()).collect();
    for (path, body, code) in [
        (TO_USERS, json!("no object"), "invalidParameter.msgBody.invalid"),
        (TO_USERS, with(to_users(&["u1"]), json!({"robotCode": ""})), "invalidParameter.robotCode.empty"),
        (TO_USERS, with(to_users(&["u1"]), json!({"robotCode": "other"})), "invalidParameter.robotCode.notExsit"),
        (TO_GROUP, with(to_group("cid1"), json!({"robotCode": "other"})), "invalidParameter.robotCode.auth"),
        (TO_USERS, to_users(&[]), "invalidParameter.userIds.empty"),
        (TO_USERS, with(to_users(&[]), json!({"userIds": many})), "invalidParameter.userIds.overMax"),
        (TO_USERS, to_users(&[""]), "invalidParameter.userId.empty"),
        (TO_USERS, with(to_users(&["u1"]), json!({"msgKey": null})), "invalidParameter.msgKey.empty"),
        (TO_USERS, with(to_users(&["u1"]), json!({"msgKey": "sampleFeedCard"})), "invalidParameter.msgKey.invalid"),
        (TO_USERS, with(to_users(&["u1"]), json!({"msgParam": null})), "invalidParameter.param.invalid"),
        (TO_USERS, with(to_users(&["u1"]), json!({"msgParam": "hi"})), "invalidParameter.msgParam.invalid"),
        (TO_USERS, with(to_users(&["u1"]), json!({"msgParam": "{}"})), "miss.param.contentOfText"),
        (TO_GROUP, to_group(""), "miss.openConversationId"),
        (TO_PRIVATE_CHAT, to_group("cid1"), "invalidParameter.robotCode.coolApp"),
    ] {
        assert_eq!(sim.refusal(path, &body).await, (400, code.to_owned()), "{body}");
    }
}

#[tokio::test]
async fn every_template_has_fields_that_it_must_have() {
    let sim = Sim::start();
    sim.order("settings", json!({"qps": 0})).await;
    let buttons = |n: usize| {
        let mut card = json!({"title": "t", "text": "x"});
        for at in 1..=n {
            card[format!("actionTitle{at}")] = json!("a");
            card[format!("actionURL{at}")] = json!("https://a");
        }
        card
    };
    let two = json!({
        "title": "t", "text": "x", "buttonTitle1": "a", "buttonUrl1": "u", "buttonTitle2": "b", "buttonUrl2": "u"
    });
    let video = json!({"duration": "9", "videoMediaId": "$v", "videoType": "mp4", "picMediaId": "$p"});
    for (key, param, field, code) in [
        ("sampleText", json!({"content": "x"}), "content", "contentOfText"),
        ("sampleMarkdown", json!({"title": "t", "text": "x"}), "title", "markdownTotitle"),
        ("sampleImageMsg", json!({"photoURL": "@l"}), "photoURL", "photoTophotoUrl"),
        ("sampleLink", json!({"title": "t", "text": "x", "messageUrl": "u"}), "messageUrl", "messageUrlOfLink"),
        (
            "sampleActionCard",
            json!({"title": "t", "text": "x", "singleTitle": "s", "singleURL": "u"}),
            "singleURL",
            "actionCardTosingleUrl",
        ),
        ("sampleActionCard2", buttons(2), "actionURL2", "actionCardTobtnsToactionUrl"),
        ("sampleActionCard3", buttons(3), "actionTitle3", "actionCardTobtnsTotitle"),
        ("sampleActionCard4", buttons(4), "actionTitle4", "actionCardTobtnsTotitle"),
        ("sampleActionCard5", buttons(5), "actionURL5", "actionCardTobtnsToactionUrl"),
        ("sampleActionCard6", two, "buttonUrl2", "actionCardTobtnsToactionUrl"),
        ("sampleAudio", json!({"mediaId": "@a", "duration": "4000"}), "duration", "audio"),
        ("sampleFile", json!({"mediaId": "@f", "fileName": "a.pdf", "fileType": "pdf"}), "fileType", "file"),
        ("sampleVideo", video, "picMediaId", "video"),
    ] {
        let message = |param: &Value| with(to_group("cid1"), json!({"msgKey": key, "msgParam": param.to_string()}));
        assert_eq!(sim.call(TO_GROUP, &message(&param)).await.0, 200, "{key}");
        let mut lacking = param.clone();
        lacking.as_object_mut().expect("an object").remove(field);
        let refused = (400, format!("miss.param.{code}"));
        assert_eq!(sim.refusal(TO_GROUP, &message(&lacking)).await, refused, "{key}");
    }
    let number = json!({"mediaId": "@a", "duration": 4000}).to_string();
    let audio = with(to_group("cid1"), json!({"msgKey": "sampleAudio", "msgParam": number}));
    assert_eq!(sim.refusal(TO_GROUP, &audio).await.1, "miss.param.audio");
}

#[tokio::test]
async fn a_message_param_has_at_most_15000_bytes() {
    let sim = Sim::start();
    let frame = json!({"content": ""}).to_string().len();
    let of_size = |size: usize| {
        let param = json!({"content": "x".repeat(size - frame)}).to_string();
        with(to_group("cid1"), json!({"msgParam": param}))
    };
    assert_eq!(sim.call(TO_GROUP, &of_size(15_000)).await.0, 200);
    let refused = (400, "invalidParameter.msgParam.tooLong".to_owned());
    assert_eq!(sim.refusal(TO_GROUP, &of_size(15_001)).await, refused);
}

#[tokio::test]
async fn robots_and_conversations_are_known_by_setting() {
    let sim = Sim::start();
    sim.order("settings", json!({"robotCodes": ["ding-robot"], "knownConversations": ["cid1"]})).await;
    let message = with(to_group("cid1"), json!({"robotCode": "ding-robot"}));
    assert_eq!(sim.call(TO_GROUP, &message).await.0, 200);
    assert_eq!(sim.refusal(TO_GROUP, &to_group("cid2")).await, (400, "invalid.openConversationId".to_owned()));
}

#[tokio::test]
async fn a_ding_rings_at_fewer_than_twenty_phones() {
    let sim = Sim::start();
    sim.order("settings", json!({"knownUsers": ["u1"]})).await;
    let ding = json!({"robotCode": "ding-demo", "remindType": 1, "receiverUserIdList": ["u1", "u2"], "content": "up"});
    let (status, sent) = sim.call(DING, &ding).await;
    assert_eq!((status, &sent["failedList"]), (200, &json!({"miss.staffId": ["u2"]})));
    let record = sim.record(&format!("kind=send&path={DING}")).await;
    assert_eq!((&record["openDingId"], &record["content"]), (&sent["openDingId"], &json!("up")));
    let twenty: Vec<_> = (0..20).map(|n| n.to_string()).collect();
    for (other, code) in [
        (json!({"remindType": 4}), "invalidParameter.param.invalid"),
        (json!({"content": ""}), "invalidParameter.param.invalid"),
        (json!({"receiverUserIdList": []}), "miss.staffId"),
        (json!({"robotCode": "other"}), "invalid.chatbotId"),
        (json!({"remindType": 3, "receiverUserIdList": twenty}), "ding.receivercount.limit"),
    ] {
        assert_eq!(sim.refusal(DING, &with(ding.clone(), other)).await.1, code);
    }
}
