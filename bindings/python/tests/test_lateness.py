"""Handlers that take longer than DingTalk waits, or than the client allows."""

from __future__ import annotations

import json
import logging
import queue
import threading
from typing import Any

import pytest
from conftest import DEADLINE, Simulator, Style, make_client, with_client
from dingstream import BotMessage, CardAction, Event, ExpiredError, Later


def test_a_response_that_comes_too_late_is_told_and_no_failure(
    simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(simulator, answer_within_card_ms=20)

    @client.on_card
    @style
    def handler(action: CardAction) -> Any:
        simulator.records(kind="answer")
        return {"too": "late"}

    def check() -> None:
        assert json.loads(simulator.answer(simulator.push("card"))["data"]) == {"response": {}}
        simulator.push("card")
        simulator.records(2, kind="answer")

    with_client(client, check)
    assert "a response came to nothing: this card action was answered before" in caplog.text
    assert all(record.levelno < logging.ERROR and not record.exc_info for record in caplog.records)
    assert client.stats()["overdue"] >= 1


@pytest.mark.parametrize("returned", [None, Later("busy")])
def test_without_a_response_late_is_not_too_late(
    simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture, returned: Any
) -> None:
    client = make_client(simulator, answer_within_card_ms=20)
    client.on_card(style(lambda action: simulator.records(kind="answer") and returned))
    with_client(client, lambda: simulator.answer(simulator.push("card")))
    assert not caplog.records


def test_settling_with_a_response_too_late_raises(simulator: Simulator, style: Style) -> None:
    client = make_client(simulator, answer_within_card_ms=20)
    errors: queue.Queue[ExpiredError] = queue.Queue()

    @client.on_card
    @style
    def handler(action: CardAction) -> None:
        simulator.records(kind="answer")
        with pytest.raises(ExpiredError, match="answered before its handler ended") as raised:
            action.ok({"too": "late"})
        errors.put(raised.value)

    def check() -> None:
        simulator.push("card")
        assert "update the card" in errors.get(timeout=DEADLINE).hint

    with_client(client, check)


def test_an_event_that_takes_long_is_told_later_and_its_handler_goes_on(simulator: Simulator, style: Style) -> None:
    client = make_client(simulator, answer_within_event_ms=20)
    client.on_event(style(lambda event: simulator.records(kind="answer") and None))
    answer = with_client(client, lambda: simulator.answer(simulator.push("event", eventType="user_add_org")))
    assert json.loads(answer["data"])["status"] == "LATER"
    assert client.stats()["ok"] == 1


def test_after_the_deadline_of_handlers_the_conversation_goes_on(
    simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(simulator, handler_deadline_ms=500)
    refused, gone_on = threading.Event(), threading.Event()

    @client.on_message
    @style
    def handler(message: BotMessage) -> Any:
        if message.text == "next":
            return gone_on.set()
        simulator.records(kind="answer")
        with pytest.raises(ExpiredError, match="not settled in time"):
            message.ok()
        refused.set()
        return Later("too late")

    def check() -> None:
        assert simulator.answer(simulator.push("message", text="long"))["code"] == 500
        simulator.push("message", text="next")
        assert refused.wait(DEADLINE)
        assert gone_on.wait(DEADLINE)

    with_client(client, check)
    assert all(record.levelno < logging.ERROR for record in caplog.records)


def test_what_nobody_handles_may_be_late(simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture) -> None:
    client = make_client(simulator, handler_deadline_ms=500, answer_within_event_ms=500, workers=1)
    client.on_event("org_remove", style(lambda event: None))
    gone_on = threading.Event()

    @client.on_message
    @style
    def handler(message: BotMessage) -> None:
        if message.text == "next":
            gone_on.set()
        else:
            simulator.records(2, kind="answer")

    def check() -> None:
        simulator.push("message", text="block")
        simulator.push("event", eventType="user_add_org")
        simulator.records(2, kind="answer")
        simulator.push("message", text="next")
        assert gone_on.wait(DEADLINE)

    with_client(client, check)
    assert all(record.levelno < logging.ERROR for record in caplog.records)


def test_a_loop_over_deliveries_may_be_late(simulator: Simulator) -> None:
    client = make_client(simulator, handler_deadline_ms=500)
    seen: list[Event] = []
    for delivery in client.deliveries("event", "state"):
        if delivery.topic == "open":
            simulator.push("event", eventType="user_add_org")
        if isinstance(delivery, Event):
            seen.append(delivery)
            simulator.records(len(seen), kind="answer")
            if len(seen) == 1:
                simulator.push("event", eventType="user_add_org")
            else:
                client.stop(1)
    assert len(seen) == 2
