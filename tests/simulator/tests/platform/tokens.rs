//! Access tokens, by the new address and the old.

use serde_json::json;

use crate::harness::Sim;

const TOKEN: &str = "/v1.0/oauth2/accessToken";

#[tokio::test]
async fn a_token_stays_the_same_while_it_lives() {
    let sim = Sim::start();
    let asked = json!({"appKey": "ding-demo", "appSecret": "demo-secret"});
    let (status, first) = sim.post(TOKEN, asked.clone()).await;
    assert_eq!((status, &first["expireIn"]), (200, &json!(7200)));
    let legacy = sim.get("/gettoken?appkey=ding-demo&appsecret=demo-secret").await;
    assert_eq!(legacy["access_token"], first["accessToken"]);
    assert_eq!((&legacy["errcode"], &legacy["expires_in"]), (&json!(0), &json!(7200)));
    sim.order("clock", json!({"advance": 7_200_000})).await;
    assert_ne!(sim.post(TOKEN, asked).await.1["accessToken"], first["accessToken"]);
}

#[tokio::test]
async fn a_wrong_secret_gets_no_token() {
    let sim = Sim::start();
    let (status, refused) = sim.post(TOKEN, json!({"appKey": "ding-demo", "appSecret": "x"})).await;
    assert_eq!((status, &refused["code"]), (400, &json!("invalidClientIdOrSecret")));
    assert_eq!(sim.get("/gettoken?appkey=ding-demo&appsecret=x").await["errcode"], 40_089);
    sim.order("break", json!({"what": "token", "status": 500, "times": 1})).await;
    assert_eq!(sim.post(TOKEN, json!({"appKey": "ding-demo", "appSecret": "demo-secret"})).await.0, 500);
}
