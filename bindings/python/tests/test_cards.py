"""Cards that do not type: their calls, and what answers their clicks."""

from __future__ import annotations

import json
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator, Style, make_client, with_client
from dingstream import Card, CardAction, CardButton, CardResponse, Client, DynamicData, Space

TEMPLATE = "mine.schema"
GROUP = Space.group("cid1==")


@pytest.fixture(autouse=True)
def template(simulator: Simulator) -> None:
    simulator.post("templates", id=TEMPLATE, variables=["title", "count", "list"], privateData=True)


def params(card: Any) -> Any:
    return card["spaces"][0]["params"]


def test_a_card_is_sent_and_updated(client: Client, simulator: Simulator) -> None:
    card = Card(
        TEMPLATE,
        {"title": "t", "count": 1, "list": [{"a": True}]},
        private_data={"u1": {"title": "for you"}},
        spaces=iter([Space.group("cid1==", at={"@ALL": "@ALL"}, recipients=iter(["u1", "u2"])), Space.robot("u1")]),
        last_message={"ZH_CN": "消息", "EN_US": "news"},
        notification=False,
        search={"icon": "@i", "kind": "poll", "description": "a poll"},
        forwardable=False,
        more={"userIdType": 1},
    )
    told = client.card_send(card).wait(DEADLINE)
    assert told["outTrackId"] == card.track_id
    assert [result["success"] for result in told["deliverResults"]] == [True, True]
    (seen,) = simulator.cards()
    assert params(seen) == {"title": "t", "count": "1", "list": '[{"a":true}]'}
    assert seen["users"]["u1"] == {"title": "for you"}
    body = simulator.records(kind="card", op="createAndDeliver", status="200")[0]["body"]
    assert body["imGroupOpenSpaceModel"] == {
        "supportForward": False,
        "lastMessageI18n": {"ZH_CN": "消息", "EN_US": "news"},
        "notification": {"notificationOff": True},
        "searchSupport": {
            "searchIcon": "@i",
            "searchTypeName": '{"zh_CN":"poll","en_US":"poll"}',
            "searchDesc": "a poll",
        },
    }
    assert body["imGroupOpenDeliverModel"]["atUserIds"] == {"@ALL": "@ALL"}
    assert body["imGroupOpenDeliverModel"]["recipients"] == ["u1", "u2"]

    client.card_update(card.track_id, {"count": 2}, {"u1": {"title": "again"}}).wait(DEADLINE)
    (seen,) = simulator.cards()
    assert (seen["params"]["title"], seen["params"]["count"]) == ("t", "2")
    assert seen["users"]["u1"]["title"] == "again"
    client.card_update(card.track_id, {"title": "alone"}, whole=True, more={"userIdType": 1}).wait(DEADLINE)
    assert params(simulator.cards()[0]) == {"title": "alone"}


def test_a_card_is_created_given_spaces_and_delivered(client: Client, simulator: Simulator) -> None:
    client.card_create(Card(TEMPLATE, {"title": "t"}, track_id="t-1", spaces=[GROUP])).wait(DEADLINE)
    client.card_deliver(Card(TEMPLATE, track_id="t-1", spaces=[GROUP])).wait(DEADLINE)
    top = Card(TEMPLATE, track_id="t-1", spaces=[Space.top("cid1==", 4_000_000_000_000, more={"platforms": ["ios"]})])
    client.card_add_spaces(top).wait(DEADLINE)
    client.card_deliver(top).wait(DEADLINE)
    (seen,) = simulator.cards()
    assert [space["spaceType"] for space in seen["spaces"]] == ["IM_GROUP", "ONE_BOX"]
    client.card_close_top("t-1", "cid1==").wait(DEADLINE)
    assert simulator.cards()[0]["spaces"][1]["closed"]


def test_public_templates_have_functions(client: Client, simulator: Simulator) -> None:
    cards = [
        Card.markdown("m", title="t", logo="@l", spaces=[GROUP]),
        Card.markdown_buttons("m", [CardButton("b", url="https://e")], tips="x", spaces=[GROUP]),
        Card.ai_markdown("m", [CardButton("b", id="i", color="blue")], spaces=[GROUP]),
        Card.carousel("m", [("s", "@i")], button="Choose", spaces=[GROUP]),
    ]
    for card in cards:
        client.card_send(card).wait(DEADLINE)
    markdown, buttons, ai, carousel = (params(card) for card in simulator.cards())
    assert markdown == {"title": "t", "markdown": "m", "logo": "@l"}
    assert json.loads(buttons["sys_full_json_obj"])["msgButtons"][0]["url"] == "https://e"
    assert json.loads(ai["sys_full_json_obj"])["msgButtons"][0]["color"] == "blue"
    assert json.loads(carousel["sys_full_json_obj"])["msgSlider"] == [{"title": "s", "image": "@i"}]


def test_what_can_not_be_a_card_is_refused_at_once(client: Client) -> None:
    refusals: dict[str, Any] = {
        "a button of a card has a text, and a url or an id": lambda: Card.ai_markdown("m", [CardButton("b")]),
        "the slides of a carousel": lambda: Card.carousel("m", []),
        "track_id of a card takes a text": lambda: Card(TEMPLATE, track_id=7),  # type: ignore[arg-type]
        "a card has a value of type object": lambda: Card(TEMPLATE, {"planted": object()}),
        "a card has a value that JSON does not know": lambda: client.card_update("t", {"planted": float("nan")}),
        "has a value of type set": lambda: CardResponse({"planted": {1}}),
        "takes an object": lambda: client.card_update("t", []),  # type: ignore[arg-type]
        "a space is an object": lambda: client.card(Space.group("")),
    }
    for sentence, refused in refusals.items():
        with pytest.raises(dingstream.ArgumentError, match=sentence) as raised:
            refused()
        assert "planted" not in str(raised.value)


def test_a_refused_card_has_its_class(client: Client, simulator: Simulator) -> None:
    simulator.post("settings", failedSpaces=["cid-x"])
    refusals: list[tuple[type[dingstream.Error], Card]] = [
        (dingstream.ArgumentError, Card("StandardCard", spaces=[GROUP])),
        (dingstream.ArgumentError, Card(TEMPLATE)),
        (dingstream.NotFoundError, Card("unknown.schema", {"title": "t"}, spaces=[GROUP])),
        (dingstream.RejectedError, Card(TEMPLATE, {"title": "t"}, spaces=[Space.other("IM_GROUP", "cid-x")])),
    ]
    for kind, card in refusals:
        with pytest.raises(kind):
            client.card_send(card).wait(DEADLINE)
    with pytest.raises(dingstream.NotFoundError) as raised:
        client.card_update("nobody's", {"title": "planted"}).wait(DEADLINE)
    assert raised.value.stage == "call:card_update"
    assert "planted" not in str(raised.value)
    # Somewhere is enough, and the result says where not.
    both = Card(TEMPLATE, {"title": "t"}, spaces=[Space.group("cid-x"), GROUP])
    told = client.card_send(both).wait(DEADLINE)
    assert [result["success"] for result in told["deliverResults"]] == [False, True]


def test_a_click_changes_the_card_for_the_one_who_clicked(simulator: Simulator, style: Style) -> None:
    simulator.post("settings", clickTimeoutMs=DEADLINE * 1000)
    client = make_client(simulator)
    seen: list[Any] = []

    def handle(action: CardAction) -> CardResponse:
        seen.append((action.action_ids, action.params, action.user_id))
        return CardResponse({"count": 1}, {"title": "mine"})

    client.on_card(style(handle))

    def check() -> None:
        client.card_send(Card(TEMPLATE, {"title": "t", "count": 0}, track_id="t-1", spaces=[GROUP])).wait(DEADLINE)
        simulator.push("card", outTrackId="t-1", user="u1", actionId="like", params={"n": 1})
        assert simulator.records(kind="card", op="click")[0]["applied"]

    with_client(client, check)
    assert seen == [(["like"], {"n": 1}, "u1")]
    (card,) = simulator.cards()
    assert params(card)["count"] == "0"
    assert (card["views"][-1]["params"]["count"], card["users"]["u1"]["title"]) == ("1", "mine")


def test_dynamic_data_is_answered(simulator: Simulator, style: Style) -> None:
    client = make_client(simulator)

    def handle(action: CardAction) -> DynamicData:
        assert action.action_type == "dynamicDataCallback"
        return DynamicData({source: {"x": 1} for source in action.dynamic_data_source_ids or []})

    client.on_card(style(handle))

    def check() -> None:
        answer = simulator.answer(simulator.push("card", outTrackId="t-1", dynamic=["a"]))
        assert json.loads(answer["data"])["response"]["dataSourceQueryResponses"] == [
            {"dynamicDataSourceId": "a", "dynamicDataValueType": "OBJECT", "data": '{"x":1}'}
        ]

    with_client(client, check)


def test_a_loop_answers_clicks_too(client: Client, simulator: Simulator) -> None:
    pushed: Any = None
    for delivery in client.deliveries("card", "state"):
        if delivery.topic == "open":
            pushed = simulator.push("card", actionIds=["a"])
        if isinstance(delivery, CardAction):
            delivery.ok(CardResponse({"count": 1}))
            client.stop(5)
    response = json.loads(simulator.answer(pushed)["data"])["response"]
    assert response["cardData"] == {"cardParamMap": {"count": "1"}}


def test_a_route_over_http_is_registered(client: Client, simulator: Simulator) -> None:
    told = client.card_register_callback("r", "https://example.com/c", "planted-route-secret", force=True)
    assert "planted" not in str(told.wait(DEADLINE))
    card = Card(TEMPLATE, {"title": "t"}, callback_route="r", spaces=[GROUP])
    client.card_send(card).wait(DEADLINE)
    assert not simulator.push("card", outTrackId=card.track_id)["delivered"]


def test_an_ordinary_card_is_sent_and_replaced(client: Client, simulator: Simulator) -> None:
    def body(text: str) -> dict[str, Any]:
        return {"contents": [{"type": "markdown", "text": text, "id": "1"}]}

    assert client.standard_card_send("biz-1", body("a"), group="cid1==").wait(DEADLINE)["cardBizId"] == "biz-1"
    client.standard_card_update("biz-1", body("b")).wait(DEADLINE)
    client.standard_card_send("biz-2", body("c"), user="u1").wait(DEADLINE)
    assert '"text":"b"' in simulator.cards()[0]["params"]["cardData"]
    with pytest.raises(dingstream.ArgumentError, match="no Stream callback"):
        client.standard_card_send("biz-3", {"callbackType": "STREAM"}, user="u1").wait(DEADLINE)
    with pytest.raises(dingstream.ArgumentError, match="a target is"):
        client.standard_card_send("biz-3", body("c"))  # type: ignore[call-overload]


def test_nothing_of_a_card_shows_what_people_read(client: Client) -> None:
    planted = {"planted": "planted"}
    card = Card(TEMPLATE, planted, track_id="t-1", private_data={"u": planted})
    shown = [card, CardResponse(planted, planted), DynamicData(planted), CardButton("planted", id="planted")]
    assert "planted" not in f"{shown!r}{[str(thing) for thing in shown]}"
    assert repr(card) == "Card(t-1 of mine.schema)"
    assert repr(GROUP) == "Space(IM_GROUP)"
