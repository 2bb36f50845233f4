"""How handlers run."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any

import pytest
from conftest import DEADLINE, Simulator, in_thread, make_client
from dingstream import BotMessage, Client, ConfigError, Delivery, Event, StateChange, text


def test_both_styles_serve_one_client(client: Client, simulator: Simulator) -> None:
    async def main() -> None:
        loop_thread = threading.current_thread()
        seen: dict[str, bool] = {}
        blocked = threading.Event()

        @client.on_event
        def plain(event: Event) -> None:
            seen["plain"] = threading.current_thread() is loop_thread
            blocked.wait(DEADLINE)

        @client.on_message
        async def coroutine(message: BotMessage) -> None:
            seen["coroutine"] = threading.current_thread() is loop_thread
            blocked.set()

        async with client:
            await in_thread(simulator.push, "event", eventType="user_add_org")
            await in_thread(simulator.push, "message", text="hi")
            await in_thread(simulator.records, 2, kind="answer")
        assert seen == {"plain": False, "coroutine": True}

    asyncio.run(asyncio.wait_for(main(), DEADLINE))


def test_every_handler_has_a_context_of_its_own(client: Client, simulator: Simulator) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
    seen: list[str] = []

    async def main() -> None:
        variable.set("of the start")

        @client.on_message
        async def handler(message: BotMessage) -> None:
            seen.append(variable.get())
            variable.set(message.id)
            if message.text == "suspend":
                await asyncio.sleep(0)
                await asyncio.create_task(asyncio.sleep(0))
            assert variable.get() == message.id

        async with client:
            for said in ("suspend", "go through", "suspend", "go through"):
                pushed = await in_thread(simulator.push, "message", text=said)
                assert (await in_thread(simulator.answer, pushed))["code"] == 200

    asyncio.run(asyncio.wait_for(main(), DEADLINE))
    assert seen == ["of the start"] * 4


def test_plain_handlers_have_a_context_of_their_own(client: Client, simulator: Simulator) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="unset")
    variable.set("of the start")
    seen: list[str] = []

    @client.on_message
    def handler(message: BotMessage) -> None:
        seen.append(variable.get())
        variable.set("of a handler")

    with client:
        for _ in range(2):
            simulator.answer(simulator.push("message", text="hi"))
    assert seen == ["of the start"] * 2


def test_the_current_task_is_the_handlers_own_from_its_first_step(client: Client, simulator: Simulator) -> None:
    tasks: list[asyncio.Task[Any] | None] = []

    async def main() -> None:
        @client.on_message
        async def handler(message: BotMessage) -> None:
            first = asyncio.current_task()
            await asyncio.sleep(0)
            assert asyncio.current_task() is first
            tasks.append(first)
            # What times out is this handler alone.
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 0.001)

        async with client:
            await in_thread(simulator.push, "message", text="hi", count=3)
            answers = await in_thread(simulator.records, 3, kind="answer")
            assert {answer["code"] for answer in answers} == {200}

    asyncio.run(asyncio.wait_for(main(), DEADLINE))
    assert len(set(tasks)) == 3


def test_a_cancelled_handler_fails_and_the_next_one_runs(client: Client, simulator: Simulator) -> None:
    async def main() -> None:
        @client.on_message
        async def handler(message: BotMessage) -> None:
            if message.text == "cancel":
                task = asyncio.current_task()
                assert task is not None
                asyncio.get_running_loop().call_soon(task.cancel)
                await asyncio.Event().wait()

        async with client:
            pushed = await in_thread(simulator.push, "message", text="cancel")
            assert (await in_thread(simulator.answer, pushed))["code"] == 500
            pushed = await in_thread(simulator.push, "message", text="go on")
            assert (await in_thread(simulator.answer, pushed))["code"] == 200

    asyncio.run(asyncio.wait_for(main(), DEADLINE))


class WithoutReaders(asyncio.SelectorEventLoop):
    """A loop that can't wait for descriptors of others, as the default one of Windows."""

    def add_reader(self, fd: Any, callback: Any, *args: Any) -> Any:  # type: ignore[override]
        raise NotImplementedError


def test_a_loop_without_readers_is_woken_by_a_thread(client: Client, simulator: Simulator) -> None:
    @client.on_message
    async def handler(message: BotMessage) -> None:
        await message.reply(text("heard"))

    async def main() -> None:
        async with client:
            answers = await in_thread(
                lambda: simulator.push("message", count=100) and simulator.records(100, kind="answer")
            )
            assert {answer["code"] for answer in answers} == {200}

    async def end() -> None:
        """As asyncio.run does it."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    loop = WithoutReaders()
    try:
        loop.run_until_complete(asyncio.wait_for(main(), DEADLINE))
        loop.run_until_complete(end())
    finally:
        loop.close()


def test_states_are_told_in_their_order(client: Client, simulator: Simulator) -> None:
    states: list[str | None] = []
    told = threading.Event()

    @client.on_state
    def hear(change: StateChange) -> None:
        states.append(change.state)
        if states.count("stopped") == 5:
            told.set()

    client.on_message(lambda message: None)
    for _ in range(5):
        with client:
            pass
    assert told.wait(DEADLINE)
    assert states == ["connecting", "open", "stopping", "stopped"] * 5


def test_a_state_says_what_went_wrong(simulator: Simulator) -> None:
    client = make_client(simulator, "wrong")
    changes: list[StateChange] = []
    client.on_state(changes.append)
    client.on_message(lambda message: None)
    with pytest.raises(Exception, match="authFailed"):
        client.run()
    assert (changes[-1].state, changes[-1].error_kind) == ("stopped", "auth")


def test_the_views_read_what_arrives(client: Client, simulator: Simulator) -> None:
    seen: list[Delivery] = []
    client.on_message(lambda message: seen.append(message))

    with client:
        simulator.answer(simulator.push("message", text=" hi\n", conversationType="2", senderNick="Ann"))
    (message,) = seen
    assert isinstance(message, BotMessage)
    assert (message.kind, message.text, message.conversation_type) == ("message", "hi", "2")
    assert (message.sender_nick, message.content) == ("Ann", None)
    assert message.json("/senderNick") == "Ann"
    assert message.headers["messageId"] == message.id
    assert '"senderNick"' in message.data
    assert "Ann" not in repr(message)


def test_a_handler_that_comes_late_is_refused(client: Client) -> None:
    client.on_message(lambda message: None)
    with client:
        for register in (client.on_card, client.on_state, client.on_message):
            with pytest.raises(ConfigError, match="before start or run"):
                register(lambda delivery: None)


def test_a_coroutine_handler_needs_a_loop(client: Client) -> None:
    @client.on_message
    async def handler(message: BotMessage) -> None: ...

    with pytest.raises(ConfigError, match="no event loop is running here"):
        client.start()
