"""What a handler returns or raises settles its delivery."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from conftest import Simulator, Style, with_client
from dingstream import AnsweredError, BotMessage, CardAction, Client, Delivery, Event, Later


def test_a_message_is_answered_when_its_handler_returns(client: Client, simulator: Simulator, style: Style) -> None:
    client.on_message(style(lambda message: "ignored"))
    answer = with_client(client, lambda: simulator.answer(simulator.push("message", text="hi")))
    assert (answer["code"], answer["data"]) == (200, '{"response":null}')


def test_what_a_card_handler_returns_is_the_response(client: Client, simulator: Simulator, style: Style) -> None:
    client.on_card(style(lambda action: {"cardData": {"ids": action.action_ids}}))
    answer = with_client(client, lambda: simulator.answer(simulator.push("card", actionIds=["like"])))
    assert json.loads(answer["data"]) == {"response": {"cardData": {"ids": ["like"]}}}


def test_a_response_that_is_no_json_fails_and_is_named(
    client: Client, simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture
) -> None:
    client.on_card(style(lambda action: {1, 2}))
    answer = with_client(client, lambda: simulator.answer(simulator.push("card")))
    assert (answer["code"], answer["data"]) == (500, '{"response":{}}')
    assert "a response of type set is not JSON" in caplog.text


def test_later_is_told_to_dingtalk(client: Client, simulator: Simulator, style: Style) -> None:
    client.on_event(style(lambda event: Later("busy")))
    answer = with_client(client, lambda: simulator.answer(simulator.push("event", eventType="user_add_org")))
    assert json.loads(answer["data"]) == {"status": "LATER", "message": "busy"}


def test_an_exception_fails_with_a_fixed_reason_and_is_logged(
    client: Client, simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(event: Event) -> None:
        raise RuntimeError("private")

    client.on_event(style(handler))
    answer = with_client(client, lambda: simulator.answer(simulator.push("event", eventType="user_add_org")))
    assert answer["code"] == 500
    assert json.loads(answer["data"])["message"] == "the handler failed"
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.name == "dingstream"
    assert "RuntimeError: private" in caplog.text


def test_what_a_handler_settled_is_not_settled_again(client: Client, simulator: Simulator, style: Style) -> None:
    errors = []

    def handler(action: CardAction) -> Any:
        action.ok({"by": "handler"})
        try:
            action.fail("again")
        except AnsweredError as error:
            errors.append(error)
        return {"by": "return"}

    client.on_card(style(handler))
    answer = with_client(client, lambda: simulator.answer(simulator.push("card")))
    assert json.loads(answer["data"]) == {"response": {"by": "handler"}}
    assert errors[0].kind == "answered"


def test_what_a_handler_took_is_settled_when_it_likes(client: Client, simulator: Simulator, style: Style) -> None:
    taken: list[Delivery] = []
    client.on_card(style(lambda action: taken.append(action.take())))
    client.on_message(style(lambda message: None))

    def check() -> Any:
        pushed = simulator.push("card")
        simulator.answer(simulator.push("message", text="after"))
        assert [record["messageId"] for record in simulator.records(kind="answer")] != [pushed["messageId"]]
        taken.pop().ok({"late": True})
        return simulator.answer(pushed)

    assert json.loads(with_client(client, check)["data"]) == {"response": {"late": True}}


def test_what_a_handler_took_and_let_go_is_declined(client: Client, simulator: Simulator, style: Style) -> None:
    client.on_card(style(lambda action: action.take() and None))
    assert with_client(client, lambda: simulator.answer(simulator.push("card")))["code"] == 500


def test_a_kind_without_handler_is_told(client: Client, simulator: Simulator, style: Style) -> None:
    client.on_event("org_remove", style(lambda event: None))

    def check() -> Any:
        return simulator.answer(simulator.push("event", eventType="user_add_org"))

    assert json.loads(with_client(client, check)["data"])["status"] == "SUCCESS"


def test_a_topic_has_its_handler(client: Client, simulator: Simulator, style: Style) -> None:
    client.on("/v1.0/x")(style(lambda delivery: {"echo": delivery.json(), "one": delivery.json("/a/0")}))
    answer = with_client(client, lambda: simulator.answer(simulator.push("callback", topic="/v1.0/x", data={"a": [1]})))
    assert json.loads(answer["data"]) == {"response": {"echo": {"a": [1]}, "one": 1}}


def test_a_plain_function_that_returns_a_coroutine_fails(
    client: Client, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async def forgotten(message: BotMessage) -> None: ...

    client.on_message(lambda message: forgotten(message))
    assert with_client(client, lambda: simulator.answer(simulator.push("message", text="hi")))["code"] == 500
    assert "register an async function" in caplog.text


def test_a_handler_with_a_wrong_signature_fails_alone(client: Client, simulator: Simulator) -> None:
    async def handler() -> None: ...

    client.on_message(handler)  # type: ignore[type-var]
    client.on_card(lambda action: "fine")

    def check() -> Any:
        assert simulator.answer(simulator.push("message", text="hi"))["code"] == 500
        return simulator.answer(simulator.push("card"))

    assert with_client(client, check)["code"] == 200
