"""A session types into an AI card, and ends it whatever happens."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator, make_client, shown
from dingstream import AnsweredError, CardAction, CardSession, Client, Space
from test_calls import a_message

FALLBACK = "gone wrong"
CREATE = "POST /v1.0/card/instances/createAndDeliver"

Scope = Callable[[CardSession, Callable[[CardSession], Any]], None]


def plainly(session: CardSession, write: Callable[[CardSession], Any]) -> None:
    with session as card:
        write(card)


def in_a_loop(session: CardSession, write: Callable[[CardSession], Any]) -> None:
    async def main() -> None:
        async with session as card:
            write(card)

    asyncio.run(asyncio.wait_for(main(), DEADLINE))


@pytest.fixture(params=[plainly, in_a_loop])
def scope(request: pytest.FixtureRequest) -> Scope:
    """`with` and `async with`."""
    return request.param  # type: ignore[no-any-return]


def test_a_text_is_typed_and_leaving_the_scope_finishes_it(client: Client, simulator: Simulator, scope: Scope) -> None:
    def write(card: CardSession) -> None:
        card.push("Hello, ")
        card.push("**world**.")
        card.button("Like", id="like", color="blue")
        card.button("Docs", url="https://example.com")
        card.value("msgTitle", "A title")

    with a_message(client, simulator) as message:
        scope(message.card("Thinking…"), write)
        (card,) = simulator.cards()
    assert shown(card) == ("Hello, **world**.", "finished")
    assert card["params"]["msgTitle"] == "A title"
    assert json.loads(card["params"]["sys_full_json_obj"])["msgButtons"] == [
        {"text": "Like", "id": "like", "request": True, "color": "blue"},
        {"text": "Docs", "url": "https://example.com", "iosUrl": "https://example.com"},
    ]


def test_an_exception_leaves_the_fallback_and_goes_on(client: Client, simulator: Simulator, scope: Scope) -> None:
    def write(card: CardSession) -> None:
        card.push("half an ans")
        raise LookupError("no model")

    with a_message(client, simulator) as message:
        with pytest.raises(LookupError, match="no model"):
            scope(message.card(fallback=FALLBACK), write)
        (card,) = simulator.cards()
    assert shown(card) == (FALLBACK, "failed")


@pytest.mark.parametrize("fails", [False, True])
def test_what_the_scope_ended_itself_is_not_ended_again(
    client: Client, simulator: Simulator, scope: Scope, fails: bool
) -> None:
    def write(card: CardSession) -> None:
        card.set("mine")
        card.fail("my words") if fails else card.finish()

    def write_and_raise(card: CardSession) -> None:
        write(card)
        raise LookupError

    with a_message(client, simulator) as message:
        scope(message.card(), write)
        with pytest.raises(LookupError):
            scope(message.card(), write_and_raise)
        expected = ("my words", "failed") if fails else ("mine", "finished")
        assert [shown(card) for card in simulator.ended_cards(2)] == [expected] * 2


def test_the_end_can_be_waited_for_and_awaited(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        card = message.card("Thinking…", last_message="news")
        card.push("x")
        told = card.finish().wait(DEADLINE)
        assert (told["via"], told["state"], len(told["outTrackIds"])) == ("card", "finished", 1)
        assert "degraded" not in told

        async def main() -> Any:
            return await message.card(max_chars=100).fail()

        assert asyncio.run(asyncio.wait_for(main(), DEADLINE))["state"] == "failed"


def test_after_the_end_nothing_is_taken(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        card = message.card()
        card.push("x")
        card.finish().wait(DEADLINE)
        with pytest.raises(AnsweredError):
            card.push("y")
        with pytest.raises(AnsweredError):
            card.button("y", id="y")
        for again in (card.finish(), card.fail()):
            with pytest.raises(AnsweredError):
                again.wait(DEADLINE)
        assert shown(simulator.cards()[0]) == ("x", "finished")


def test_a_session_that_is_let_go_fails(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        card = message.card(fallback=FALLBACK)
        card.push("half")
        del card
        assert shown(simulator.ended_cards()[0]) == (FALLBACK, "failed")
        # In a cycle, where only the collector finds it.
        cycle: list[Any] = [message.card(fallback=FALLBACK)]
        cycle.append(cycle)
        cycle = []
        gc.collect()
        assert shown(simulator.ended_cards(2)[1]) == (FALLBACK, "failed")


def test_a_handler_that_ends_without_an_end_leaves_the_fallback(client: Client, simulator: Simulator) -> None:
    @client.on_message
    async def handler(message: dingstream.BotMessage) -> None:
        message.card(fallback=FALLBACK).push("half")

    with_pushed(client, simulator)
    assert shown(simulator.ended_cards()[0]) == (FALLBACK, "failed")


def with_pushed(client: Client, simulator: Simulator) -> None:
    async def main() -> None:
        async with client:
            loop = asyncio.get_running_loop()
            pushed = await loop.run_in_executor(None, lambda: simulator.push("message", text="hi"))
            await loop.run_in_executor(None, simulator.answer, pushed)

    asyncio.run(asyncio.wait_for(main(), DEADLINE))


def test_a_task_that_is_cancelled_leaves_the_fallback(client: Client, simulator: Simulator) -> None:
    async def main() -> None:
        async def type_for_ever() -> None:
            async with client.card(Space.group("cid1=="), fallback=FALLBACK) as card:
                card.push("half")
                typing.set()
                await asyncio.Event().wait()

        typing = asyncio.Event()
        task = asyncio.create_task(type_for_ever())
        await typing.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(asyncio.wait_for(main(), DEADLINE))
    assert shown(simulator.cards()[0]) == (FALLBACK, "failed")


def test_a_coroutine_that_is_thrown_away_leaves_the_fallback(client: Client, simulator: Simulator) -> None:
    async def type_for_ever() -> None:
        async with client.card(Space.group("cid1=="), fallback=FALLBACK) as card:
            card.push("half")
            await asyncio.sleep(0)

    coroutine = type_for_ever()
    coroutine.send(None)
    coroutine.close()
    assert shown(simulator.ended_cards()[0]) == (FALLBACK, "failed")


def test_any_thread_may_push(client: Client, simulator: Simulator) -> None:
    with client.card(Space.robot("u1")) as card:

        def push() -> None:
            for _ in range(100):
                card.push("x")

        threads = [threading.Thread(target=push) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(DEADLINE)
    assert shown(simulator.cards()[0]) == ("x" * 800, "finished")


def test_options_that_can_not_work_are_refused_at_once(client: Client, simulator: Simulator) -> None:
    refusals: dict[str, dict[str, Any]] = {
        "max_calls is at least": {"max_calls": 2},
        "there is no option": {"colour": 1},
        "max_chars takes": {"max_chars": "many"},
        "a template and no key": {"template": "mine.schema"},
        "a value of type object": {"data": {"planted": object()}},
        "that JSON does not know": {"data": {"planted": float("nan")}},
    }
    with a_message(client, simulator) as message:
        for sentence, options in refusals.items():
            for refused in (message.card, lambda **options: client.card(Space.group("cid1=="), **options)):
                with pytest.raises(dingstream.ConfigError, match=sentence):
                    refused(**options)
        with pytest.raises(TypeError):
            message.card(7)  # type: ignore[arg-type]
        card = message.card()
        with pytest.raises(dingstream.ArgumentError, match="a url or an id"):
            card.button("both", url="https://e", id="e")  # type: ignore[call-overload]
        with pytest.raises(dingstream.ArgumentError, match="a value of type set is not JSON"):
            card.value("a", {1})
        card.finish().wait(DEADLINE)


def test_a_card_opens_on_a_message_alone(client: Client, simulator: Simulator) -> None:
    for delivery in client.deliveries("card", "state"):
        if delivery.topic == "open":
            simulator.push("card", actionIds=["a"])
        if isinstance(delivery, CardAction):
            with pytest.raises(dingstream.ArgumentError):
                delivery.card()
            client.stop(0)


def test_where_cards_are_refused_the_text_is_a_reply(client: Client, simulator: Simulator) -> None:
    simulator.post("break", what=CREATE, code="param.templateUnpublished")
    with a_message(client, simulator) as message:
        card = message.card()
        card.push("the text")
        told = card.finish().wait(DEADLINE)
    assert (told["via"], told["degraded"]["kind"]) == ("session", "rejected")
    assert simulator.records(kind="reply")[0]["body"]["markdown"]["text"] == "the text"


def test_where_a_reply_is_refused_too_the_scope_raises_it(client: Client, simulator: Simulator, scope: Scope) -> None:
    simulator.post("break", what=CREATE, code="param.templateUnpublished")
    simulator.post("break", what="webhook", errcode=310000)
    with a_message(client, simulator) as message, pytest.raises(dingstream.Error, match="not published"):
        scope(message.card(), lambda card: card.push("planted"))


def test_where_a_failed_scope_can_not_be_told_the_log_has_it(
    client: Client, simulator: Simulator, scope: Scope, caplog: pytest.LogCaptureFixture
) -> None:
    def write(card: CardSession) -> None:
        card.push("planted")
        raise LookupError

    simulator.post("break", what=CREATE, code="param.templateUnpublished")
    simulator.post("break", what="webhook", errcode=310000)
    with a_message(client, simulator) as message, pytest.raises(LookupError):
        scope(message.card(), write)
    assert "a card whose scope failed could not be ended" in caplog.text
    assert "planted" not in caplog.text


def test_a_stop_ends_what_is_open(
    client: Client, simulator: Simulator, scope: Scope, caplog: pytest.LogCaptureFixture
) -> None:
    client.on_message(lambda message: None)
    client.start().wait(DEADLINE)

    def stop(card: CardSession) -> None:
        client.stop(DEADLINE).wait(DEADLINE)

    def stop_and_push(card: CardSession) -> None:
        stop(card)
        card.push("more")

    caplog.set_level(logging.DEBUG)
    with pytest.raises(AnsweredError):
        scope(client.card(Space.group("cid1=="), fallback=FALLBACK), stop_and_push)
    assert shown(simulator.cards()[0]) == (FALLBACK, "failed")
    assert "could not be ended" not in caplog.text
    client.start().wait(DEADLINE)
    with pytest.raises(AnsweredError):
        # It did not finish as it was meant to.
        scope(client.card(Space.group("cid1=="), fallback=FALLBACK), stop)


def test_a_long_text_goes_on_in_further_cards(client: Client, simulator: Simulator) -> None:
    with client.card(Space.group("cid1=="), max_chars=100, max_calls=40) as card:
        card.push("字" * 250)
        told = card.finish().wait(DEADLINE)
    assert len(told["outTrackIds"]) == 3
    assert sum(shown(card)[0].count("字") for card in simulator.cards()) == 250


def test_a_template_of_ones_own_is_typed_into(simulator: Simulator) -> None:
    simulator.post("templates", id="mine.schema", variables=["answer", "model", "flowStatus"], markdown=["answer"])
    client = make_client(simulator)
    space = Space.group("cid1==")
    with client.card(space, template="mine.schema", key="answer", data={"model": {"name": "m"}}) as card:
        card.push("42")
    (seen,) = simulator.cards()
    assert (seen["params"]["answer"], seen["params"]["model"]) == ("42", '{"name":"m"}')
