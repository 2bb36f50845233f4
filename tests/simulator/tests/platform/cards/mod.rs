//! The card world, as an application and a test see it.

use serde_json::{Value, json};

use crate::harness::Sim;

mod clicking;
mod delivering;
mod forgetting;
mod making;
mod ordinary;
mod records;
mod seeing;
mod streaming;
mod top;
mod updating;

const CREATE: &str = "/v1.0/card/instances";
const CREATE_AND_DELIVER: &str = "/v1.0/card/instances/createAndDeliver";
const DELIVER: &str = "/v1.0/card/instances/deliver";
const SPACES: &str = "/v1.0/card/instances/spaces";
const STREAMING: &str = "/v1.0/card/streaming";

const AI_MARKDOWN: &str = "382e4302-551d-4880-bf29-a30acfab2e71.schema";
const TEMPLATE: &str = "poll.schema";

impl Sim {
    /// With a template whose variables are `text`, markdown `answer` and `votes`, no limit of calls a second, and a
    /// minute for the answer to a click.
    async fn with_cards() -> Self {
        let sim = Self::start();
        sim.order("settings", json!({"qps": 0, "clickTimeoutMs": 60_000})).await;
        let variables = json!(["text", "answer", "votes"]);
        let template = json!({"id": TEMPLATE, "variables": variables, "markdown": ["answer"], "privateData": true});
        sim.order("templates", template).await;
        sim
    }

    async fn put(&self, path: &str, body: &Value) -> (u16, Value) {
        let request =
            self.http.put(self.url(path)).header("x-acs-dingtalk-access-token", self.token().await).json(body);
        let response = request.send().await.expect("the simulator answers");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// A call that must succeed, and its result.
    async fn done(&self, path: &str, body: &Value) -> Value {
        result(self.call(path, body).await)
    }

    async fn done_put(&self, path: &str, body: &Value) -> Value {
        result(self.put(path, body).await)
    }

    async fn put_refusal(&self, path: &str, body: &Value) -> (u16, String) {
        let (status, answer) = self.put(path, body).await;
        (status, answer["code"].as_str().unwrap_or_else(|| panic!("a refusal, not {answer}")).to_owned())
    }

    async fn card(&self, id: &str) -> Value {
        self.get(&format!("/_sim/cards/{id}")).await
    }

    /// A card of that name in group cid1.
    async fn card_in_group(&self, id: &str, params: Value) {
        let card = card(id, TEMPLATE, params);
        let results = self.done(CREATE_AND_DELIVER, &to_group(card)).await;
        assert_eq!(results["deliverResults"][0]["success"], true);
    }
}

fn result((status, answer): (u16, Value)) -> Value {
    assert_eq!((status, &answer["success"]), (200, &json!(true)), "{answer}");
    answer["result"].clone()
}

fn refused(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

fn card(id: &str, template: &str, params: Value) -> Value {
    json!({
        "cardTemplateId": template,
        "outTrackId": id,
        "callbackType": "STREAM",
        "cardData": {"cardParamMap": params},
        "imGroupOpenSpaceModel": {"supportForward": true},
        "imRobotOpenSpaceModel": {"supportForward": true},
    })
}

/// With its delivery to group cid1.
fn to_group(card: Value) -> Value {
    let model = json!({"robotCode": "ding-demo"});
    crate::harness::with(card, json!({"openSpaceId": "dtv1.card//IM_GROUP.cid1", "imGroupOpenDeliverModel": model}))
}

/// With its delivery to user u1.
fn to_user(card: Value) -> Value {
    let model = json!({"spaceType": "IM_ROBOT"});
    crate::harness::with(card, json!({"openSpaceId": "dtv1.card//IM_ROBOT.u1", "imRobotOpenDeliverModel": model}))
}

fn updated(id: &str, params: Value) -> Value {
    json!({"outTrackId": id, "cardData": {"cardParamMap": params}})
}
