//! What becomes of a message that was sent: read, recalled, forgotten.

use serde_json::{Value, json};

use crate::harness::{Sim, TO_GROUP, TO_USERS, to_group, to_users, with};

const DAY_MS: u64 = 24 * 3_600_000;
const QUERY: &str = "/v1.0/robot/groupMessages/query";
const RECALL_FROM_USERS: &str = "/v1.0/robot/otoMessages/batchRecall";
const RECALL_FROM_GROUP: &str = "/v1.0/robot/groupMessages/recall";

async fn sent_to_users(sim: &Sim) -> String {
    key(sim.call(TO_USERS, &to_users(&["u1", "u2"])).await.1)
}

async fn sent_to_group(sim: &Sim) -> String {
    key(sim.call(TO_GROUP, &to_group("cid1")).await.1)
}

fn key(answer: Value) -> String {
    answer["processQueryKey"].as_str().expect("a key").to_owned()
}

async fn read_status(sim: &Sim, key: &str) -> (u16, Value) {
    let encoded = key.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    sim.read(&format!("/v1.0/robot/oToMessages/readStatus?robotCode=ding-demo&processQueryKey={encoded}")).await
}

#[tokio::test]
async fn each_user_has_read_it_or_not() {
    let sim = Sim::start();
    let key = sent_to_users(&sim).await;
    sim.order("read", json!({"processQueryKey": key, "users": ["u2"]})).await;
    let (status, answer) = read_status(&sim, &key).await;
    assert_eq!((status, &answer["sendStatus"]), (200, &json!("SUCCESS")));
    assert_eq!(
        answer["messageReadInfoList"],
        json!([
            {"name": "u1", "userId": "u1", "readStatus": "UNREAD"},
            {"name": "u2", "userId": "u2", "readStatus": "READ"},
        ])
    );
    let bare = format!("/v1.0/robot/oToMessages/readStatus?robotCode=ding-demo&processQueryKey={key}");
    assert_eq!(sim.read(&bare).await.1["code"], "invalid.processQueryKey");
}

#[tokio::test]
async fn the_readers_in_a_group_come_in_pages() {
    let sim = Sim::start();
    let key = sent_to_group(&sim).await;
    sim.order("read", json!({"processQueryKey": key, "users": ["u1", "u2", "u3"]})).await;
    let asked = json!({"robotCode": "ding-demo", "openConversationId": "cid1", "processQueryKey": key});
    let (_, first) = sim.call(QUERY, &with(asked.clone(), json!({"maxResults": 2}))).await;
    assert_eq!((&first["readUserIds"], &first["hasMore"]), (&json!(["u1", "u2"]), &json!(true)));
    let (_, second) = sim.call(QUERY, &with(asked.clone(), json!({"nextToken": first["nextToken"]}))).await;
    assert_eq!(second, json!({"sendStatus": "SUCCESS", "readUserIds": ["u3"], "hasMore": false}));
    for (other, code) in [
        (json!({"maxResults": 201}), "invalidParameter.pageSize.invalid"),
        (json!({"nextToken": "x"}), "invalidParameter.cursor.invalid"),
        (json!({"robotCode": null}), "invalidParameter.robotCode.missing"),
        (json!({"robotCode": "other"}), "invalidParameter.robotCode.notExsit"),
        (json!({"processQueryKey": ""}), "invalidParameter.processQueryKey.missing"),
        (json!({"processQueryKey": "x"}), "invalid.processQueryKey"),
        (json!({"openConversationId": "cid2"}), "invalid.openConversationId"),
    ] {
        assert_eq!(sim.refusal(QUERY, &with(asked.clone(), other)).await.1, code);
    }
}

#[tokio::test]
async fn a_recall_succeeds_or_fails_key_by_key() {
    let sim = Sim::start();
    let key = sent_to_users(&sim).await;
    let (status, answer) =
        sim.call(RECALL_FROM_USERS, &json!({"robotCode": "ding-demo", "processQueryKeys": [key, "made-up"]})).await;
    assert_eq!((status, &answer["successResult"]), (200, &json!([key])));
    assert_eq!(answer["failedResult"], json!({"made-up": "invalid.processQueryKey"}));
    assert_eq!(read_status(&sim, &key).await.1["sendStatus"], "RECALLED");
    assert_eq!(sim.record(&format!("kind=request&path={RECALL_FROM_USERS}")).await["successResult"], json!([key]));
}

#[tokio::test]
async fn a_group_message_is_recalled_from_its_own_group() {
    let sim = Sim::start();
    let key = sent_to_group(&sim).await;
    for (conversation, recalled) in [("cid2", false), ("cid1", true)] {
        let asked = json!({"openConversationId": conversation, "robotCode": "ding-demo", "processQueryKeys": [key]});
        let (_, answer) = sim.call(RECALL_FROM_GROUP, &asked).await;
        assert_eq!(answer["failedResult"], if recalled { json!({}) } else { json!({&key: "invalid.processQueryKey"}) });
    }
    let nowhere = json!({"robotCode": "ding-demo", "processQueryKeys": [key]});
    assert_eq!(sim.refusal(RECALL_FROM_GROUP, &nowhere).await.1, "miss.openConversationId");
}

#[tokio::test]
async fn a_recall_takes_at_most_twenty_keys_of_its_own_robot() {
    let sim = Sim::start();
    sim.order("settings", json!({"robotCodes": ["ding-robot"]})).await;
    let key = sent_to_users(&sim).await;
    let others = json!({"robotCode": "ding-robot", "processQueryKeys": [key]});
    assert_eq!(sim.call(RECALL_FROM_USERS, &others).await.1["failedResult"], json!({&key: "not.allowed.robotCode"}));
    for (robot, keys, code) in [
        ("other", vec![key.as_str()], "invalidParameter.robotCode"),
        ("ding-demo", vec![], "invalidParameter.processQueryKey.missing"),
        ("ding-demo", vec!["k"; 21], "invalidParameter.processQueryKeys.overMax"),
    ] {
        let asked = json!({"robotCode": robot, "processQueryKeys": keys});
        assert_eq!(sim.refusal(RECALL_FROM_USERS, &asked).await.1, code);
    }
}

#[tokio::test]
async fn a_message_is_forgotten_after_a_day() {
    let sim = Sim::start();
    let key = sent_to_users(&sim).await;
    sim.order("clock", json!({"advance": DAY_MS + 1_000})).await;
    assert_eq!(read_status(&sim, &key).await.1["code"], "processQueryKey.expireTime");
    let asked = json!({"robotCode": "ding-demo", "processQueryKeys": [key]});
    let (_, answer) = sim.call(RECALL_FROM_USERS, &asked).await;
    assert_eq!(answer["failedResult"], json!({&key: "robot.processQueryKey.expired"}));
}
