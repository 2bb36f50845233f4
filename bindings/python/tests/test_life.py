"""Starting and stopping, with handlers and in loops over deliveries."""

from __future__ import annotations

import asyncio
import gc
import signal
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator, ended, make_client, program
from dingstream import BotMessage, Client, Later, ReentrantError, text


def test_a_client_is_started_again(client: Client, simulator: Simulator) -> None:
    client.on_message(lambda message: None)
    for _ in range(3):
        with client:
            simulator.answer(simulator.push("message", text="hi"))
    assert client.state == "stopped"


def test_a_start_during_a_stop_begins_anew(client: Client, simulator: Simulator) -> None:
    begun, finish = threading.Event(), threading.Event()

    @client.on_message
    def handler(message: BotMessage) -> None:
        begun.set()
        finish.wait(DEADLINE)

    client.start().wait(DEADLINE)
    simulator.push("message", text="hi")
    assert begun.wait(DEADLINE)
    stop = client.stop(DEADLINE)
    start = client.start()
    finish.set()
    stop.wait(DEADLINE)
    start.wait(DEADLINE)
    assert simulator.answer(simulator.push("message", text="again"))["code"] == 200


def test_a_started_client_that_nobody_holds_goes_on(simulator: Simulator) -> None:
    client = make_client(simulator)
    client.on_message(lambda message: None)
    client.start().wait(DEADLINE)
    held = weakref.ref(client)
    del client
    gc.collect()
    assert simulator.answer(simulator.push("message", text="hi"))["code"] == 200
    left = held()
    assert left is not None
    left.stop(0).wait(DEADLINE)


def test_a_client_whose_loop_over_deliveries_is_dropped_is_stopped(simulator: Simulator) -> None:
    deliveries = make_client(simulator).deliveries("message", "state")
    for delivery in deliveries:
        if delivery.topic == "open":
            break
    del deliveries, delivery
    gc.collect()
    assert simulator.records(kind="close")[0]["by"] == "client"


def test_started_twice_is_started_once(client: Client, simulator: Simulator) -> None:
    client.on_message(lambda message: None)
    client.start().wait(DEADLINE)
    client.start().wait(DEADLINE)
    client.stop(1).wait(DEADLINE)
    assert len(simulator.records(kind="open")) == 1


@pytest.mark.parametrize("style", ["async", "plain"])
def test_a_handler_may_stop_its_client_but_not_wait_for_it(client: Client, simulator: Simulator, style: str) -> None:
    errors: list[Exception] = []

    if style == "async":

        @client.on_message
        async def coroutine(message: BotMessage) -> None:
            try:
                await client.stop(5)
            except ReentrantError as error:
                errors.append(error)

    else:

        @client.on_message
        def plain(message: BotMessage) -> None:
            try:
                client.stop(5).wait()
            except ReentrantError as error:
                errors.append(error)

    client.on_state(lambda change: change.state == "open" and simulator.push("message", text="stop"))
    client.run()
    assert len(errors) == 1


def test_a_task_of_a_handler_may_wait_for_the_stop(client: Client, simulator: Simulator) -> None:
    tasks: list[asyncio.Task[Any]] = []

    async def stop() -> None:
        await client.stop(5)

    @client.on_message
    async def handler(message: BotMessage) -> None:
        tasks.append(asyncio.create_task(stop()))

    client.on_state(lambda change: change.state == "open" and simulator.push("message", text="stop"))
    client.run()
    assert len(tasks) == 1


def test_two_clients_are_served_side_by_side(simulator: Simulator) -> None:
    simulator.post("apps", clientId="ding-two", clientSecret="s2")
    process = program(
        "import asyncio\nother = Client('ding-two', 's2')\n"
        "async def handle(message): await message.reply(text('heard'))\n"
        "client.on_message(handle)\nother.on_message(handle)\n"
        "async def main(): await asyncio.gather(client.serve(), other.serve())\nasyncio.run(main())",
        simulator,
    )
    simulator.records(2, kind="connect", status="101")
    for client_id in ("ding-demo", "ding-two"):
        simulator.push("message", clientId=client_id, text="hi")
    simulator.records(2, kind="reply")
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (0, "", "")


def test_a_signal_is_heard_at_once_although_nothing_interrupts_the_waiting_loop(simulator: Simulator) -> None:
    # As when it comes just before the loop waits: another thread gets it once the loop waits, which goes on.
    process = program(
        "import signal, threading\n"
        "other = threading.Thread(target=threading.Event().wait, daemon=True)\nother.start()\n"
        "async def handle(message): threading.Timer(0.2, signal.pthread_kill, [other.ident, signal.SIGTERM]).start()\n"
        "client.on_message(handle)\nclient.run()",
        simulator,
    )
    simulator.records(1, kind="connect", status="101")
    simulator.push("message", text="hi")
    assert ended(process) == (0, "", "")


def test_a_client_outlives_its_loop(client: Client, simulator: Simulator) -> None:
    client.on_message(_coroutine)

    async def main() -> None:
        serving = asyncio.create_task(client.serve())
        await client.start()
        serving.cancel()

    async def again() -> None:
        async with client:
            answer = asyncio.get_running_loop().run_in_executor(
                None, lambda: simulator.answer(simulator.push("message", text="hi"))
            )
            assert (await answer)["code"] == 200

    asyncio.run(main())
    asyncio.run(asyncio.wait_for(again(), DEADLINE))


def test_run_raises_the_refusal_of_the_start(simulator: Simulator) -> None:
    for handler in (_coroutine, _plain):
        client = make_client(simulator, "wrong")
        client.on_message(handler)
        with pytest.raises(dingstream.AuthError):
            client.run()
        assert client.state == "stopped"


async def _coroutine(message: BotMessage) -> None: ...


def _plain(message: BotMessage) -> Later:
    return Later()


def test_iterating_settles_what_was_asked_for_before(client: Client, simulator: Simulator) -> None:
    texts: list[str | None] = []
    pushed: list[Any] = []
    for delivery in client.deliveries("message", "state"):
        if delivery.topic == "open":
            pushed = simulator.push("message", text="x", count=3)["pushed"]
        if isinstance(delivery, BotMessage):
            texts.append(delivery.text)
            if len(texts) == 2:
                # The first one was settled by asking for this one.
                simulator.answer(pushed[0])
            if len(texts) == 3:
                delivery.take()
                client.stop(0)
    assert [answer["code"] for answer in simulator.records(2, kind="answer")][:2] == [200, 200]
    assert len(texts) == 3


def test_iterating_works_in_a_loop_and_again(client: Client, simulator: Simulator) -> None:
    async def main() -> None:
        deliveries = client.deliveries("message", "state")
        for _ in range(2):
            async for delivery in deliveries:
                if delivery.topic == "open":
                    simulator.push("message", text="hi")
                if isinstance(delivery, BotMessage):
                    await delivery.reply(text("heard"))
                    client.stop(5)

    asyncio.run(asyncio.wait_for(main(), DEADLINE))
    assert len(simulator.records(2, kind="reply")) == 2


def test_a_refusal_ends_the_iteration(simulator: Simulator) -> None:
    client = make_client(simulator, "wrong")
    with pytest.raises(dingstream.AuthError):
        for _ in client.deliveries("message"):
            pass


def test_handlers_and_iteration_exclude_each_other(client: Client) -> None:
    client.on_message(lambda message: None)
    with pytest.raises(dingstream.ConfigError, match="use handlers or deliveries"):
        client.deliveries("message")


def test_a_package_without_its_native_module_says_what_to_do(tmp_path: Path) -> None:
    package = Path(dingstream.__file__).parent
    broken = tmp_path / "dingstream"
    broken.mkdir()
    for source in package.glob("*.py"):
        (broken / source.name).write_text(source.read_text())
    code = subprocess.run(
        [sys.executable, "-c", "import dingstream"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False
    )
    for told in ("native module can't be loaded on linux", "glibc", f"tried {broken}", "pip install"):
        assert told in code.stderr
