//! Making cards: templates, ids, variables.

use serde_json::json;

use super::{AI_MARKDOWN, CREATE, CREATE_AND_DELIVER, TEMPLATE, card, refused, to_group};
use crate::harness::{Sim, with};

#[tokio::test]
async fn a_card_is_made_first_and_delivered_later_or_both_at_once() {
    let sim = Sim::with_cards().await;
    assert_eq!(sim.done(CREATE, &card("c1", TEMPLATE, json!({"text": "hi"}))).await, "c1");
    let made = sim.card("c1").await;
    assert_eq!((&made["state"], &made["spaces"]), (&json!("created"), &json!([])));
    assert_eq!((&made["template"], &made["params"]), (&json!(TEMPLATE), &json!({"text": "hi"})));
    let result = sim.done(CREATE_AND_DELIVER, &to_group(card("c2", TEMPLATE, json!({"text": "hi"})))).await;
    assert_eq!(result["outTrackId"], "c2");
    assert_eq!(sim.card("c2").await["state"], "delivered");
    let cards = sim.get("/_sim/cards").await;
    assert_eq!((&cards["cards"][0], &cards["cards"][1]["outTrackId"]), (&made, &json!("c2")));
}

#[tokio::test]
async fn an_out_track_id_is_good_for_one_card_of_an_app() {
    let sim = Sim::with_cards().await;
    let card = card("c1", TEMPLATE, json!({}));
    sim.done(CREATE, &card).await;
    assert_eq!(sim.refusal(CREATE, &card).await, refused("param.cardAlreadyExist"));
    assert_eq!(sim.refusal(CREATE_AND_DELIVER, &to_group(card)).await, refused("param.cardAlreadyExist"));
}

#[tokio::test]
async fn what_makes_no_card_is_refused_with_its_code() {
    let sim = Sim::with_cards().await;
    let whole = || card("c1", TEMPLATE, json!({"text": "hi"}));
    let long = "x".repeat(101);
    for (other, code) in [
        (json!({"cardTemplateId": null}), "param.cardTemplateIdEmpty"),
        (json!({"outTrackId": ""}), "param.outTrackIdEmpty"),
        (json!({"outTrackId": long}), "param.invalid"),
        (json!({"cardData": {}}), "param.cardPublicDataEmpty"),
        (json!({"cardData": {"cardParamMap": {"votes": 1}}}), "param.invalid"),
        (json!({"cardData": {"cardParamMap": {long: "x"}}}), "param.invalid"),
        (json!({"callbackType": "stream"}), "param.invalid"),
        (json!({"userIdType": 3}), "param.invalid"),
        (json!({"imGroupOpenSpaceModel": {}}), "param.openSpaceModelInvalid"),
        (json!({"topOpenSpaceModel": {"spaceType": "IM"}}), "param.openSpaceModelInvalid"),
        (json!({"privateData": {"": {}}}), "param.userIdEmpty"),
    ] {
        assert_eq!(sim.refusal(CREATE, &with(whole(), other.clone())).await, refused(code), "{other}");
    }
    assert_eq!(sim.refusal(CREATE, &json!([])).await, refused("param.empty"));
    assert_eq!(sim.refusal(CREATE_AND_DELIVER, &whole()).await, refused("param.openSpaceIdEmpty"));
    assert_eq!(sim.get("/_sim/cards").await["cards"], json!([]));
}

#[tokio::test]
async fn a_variable_of_a_new_card_has_at_most_1_kb() {
    let sim = Sim::with_cards().await;
    let of_size = |size: usize| json!({"text": "字".repeat(size / 3) + &"x".repeat(size % 3)});
    sim.done(CREATE, &card("c1", TEMPLATE, of_size(1_024))).await;
    assert_eq!(sim.refusal(CREATE, &card("c2", TEMPLATE, of_size(1_025))).await, refused("param.invalid"));
    let private = json!({"privateData": {"u1": {"cardParamMap": of_size(1_025)}}});
    let card_for_one = with(card("c2", TEMPLATE, json!({})), private);
    assert_eq!(sim.refusal(CREATE, &card_for_one).await, refused("param.invalid"));
    sim.order("settings", json!({"cardValueBytes": 2_000})).await;
    sim.done(CREATE, &card("c2", TEMPLATE, of_size(1_025))).await;
}

#[tokio::test]
async fn a_template_must_be_known_and_published() {
    let sim = Sim::with_cards().await;
    sim.order("templates", json!({"id": "draft.schema", "variables": [], "published": false})).await;
    for (template, code) in [
        ("unknown.schema", "param.templateNotExist"),
        ("draft.schema", "param.templateUnpublished"),
        ("StandardCard", "param.templateNotExist"),
    ] {
        assert_eq!(sim.refusal(CREATE, &card("c1", template, json!({}))).await, refused(code));
    }
    for (name, template) in ["589420e2-c1e2-46ef-a5ed-b8728e654da9", "1366a1eb-bc54-4859-ac88-517c56a9acb1"]
        .into_iter()
        .chain(["7f538f6d-ebb7-4533-a9ac-61a32da094cf", "d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f"])
        .map(|id| format!("{id}.schema"))
        .chain([AI_MARKDOWN.to_owned()])
        .enumerate()
    {
        sim.done(CREATE, &card(&name.to_string(), &template, json!({}))).await;
    }
}

#[tokio::test]
async fn a_template_that_makes_no_sense_is_refused() {
    let sim = Sim::start();
    for template in [
        json!({"id": "t"}),
        json!({"id": "", "variables": []}),
        json!({"id": "StandardCard", "variables": []}),
        json!({"id": "t", "variables": ["a"], "markdown": ["b"]}),
    ] {
        assert_eq!(sim.post("/_sim/templates", template).await.0, 400);
    }
}

#[tokio::test]
async fn dynamic_data_says_where_it_comes_from_and_how_often() {
    let sim = Sim::with_cards().await;
    let source = |pull: serde_json::Value| {
        let sources = json!([{"dynamicDataSourceId": "s1", "pullConfig": pull}]);
        with(card("c1", TEMPLATE, json!({})), json!({"openDynamicDataConfig": {"dynamicDataSourceConfigs": sources}}))
    };
    for (pull, code) in [
        (json!(null), "param.dynamicDataPullConfigEmpty"),
        (json!({}), "param.dynamicDataSourcePullStrategyEmpty"),
        (json!({"pullStrategy": "INTERVAL", "interval": 3}), "param.dynamicDataPullIntervalTimeUnitInvalid"),
        (
            json!({"pullStrategy": "INTERVAL", "interval": 2, "timeUnit": "SECONDS"}),
            "param.dynamicDataPullIntervalInvalid",
        ),
    ] {
        assert_eq!(sim.refusal(CREATE, &source(pull)).await, refused(code));
    }
    let none = json!({"openDynamicDataConfig": {"dynamicDataSourceConfigs": []}});
    let none = with(card("c1", TEMPLATE, json!({})), none);
    assert_eq!(sim.refusal(CREATE, &none).await, refused("param.dynamicDataMappingEmpty"));
    let nameless = json!({"openDynamicDataConfig": {"dynamicDataSourceConfigs": [{}]}});
    let nameless = with(card("c1", TEMPLATE, json!({})), nameless);
    assert_eq!(sim.refusal(CREATE, &nameless).await, refused("param.dynamicSourceIdEmpty"));
    sim.done(CREATE, &source(json!({"pullStrategy": "INTERVAL", "interval": 1, "timeUnit": "MINUTES"}))).await;
}

#[tokio::test]
async fn a_route_for_callbacks_over_http_is_registered_once() {
    let sim = Sim::with_cards().await;
    let path = "/v1.0/card/callbacks/register";
    let route = json!({"callbackRouteKey": "k1", "callbackUrl": "https://a", "apiSecret": "s"});
    assert_eq!(sim.done(path, &route).await, json!({"callbackUrl": "https://a", "apiSecret": "s"}));
    assert_eq!(sim.refusal(path, &route).await, (500, "param.callbackRouteKeyExist".to_owned()));
    let forced = with(route, json!({"forceUpdate": true, "apiSecret": null}));
    assert!(sim.done(path, &forced).await["apiSecret"].is_string());
    for (other, code) in [
        (json!({"callbackRouteKey": ""}), "param.callbackRouteKeyEmpty"),
        (json!({"callbackUrl": null}), "param.callbackUrlEmpty"),
    ] {
        assert_eq!(sim.refusal(path, &with(forced.clone(), other)).await, refused(code));
    }
}
