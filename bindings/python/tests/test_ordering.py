"""What waits for what: messages of one conversation for each other, and nothing else."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from conftest import DEADLINE, Simulator, in_thread, make_client, with_client
from dingstream import BotMessage, Client, Delivery, text


class Holding:
    """A message handler that keeps "wait" until it is let go."""

    def __init__(self, client: Client, style: str) -> None:
        self.begun: list[str | None] = []
        self.held, self.go = threading.Event(), threading.Event()
        client.on_message(self.coroutine if style == "async" else self.plain)

    def plain(self, message: BotMessage) -> None:
        self.begun.append(message.text)
        if message.text == "wait":
            self.held.set()
            self.go.wait(DEADLINE)

    async def coroutine(self, message: BotMessage) -> None:
        self.begun.append(message.text)
        if message.text == "wait":
            self.held.set()
            await in_thread(self.go.wait, DEADLINE)


@pytest.mark.parametrize("style", ["async", "plain"])
def test_a_conversation_waits_for_its_own_messages_alone(client: Client, simulator: Simulator, style: str) -> None:
    holding = Holding(client, style)

    def check() -> None:
        wait = simulator.push("message", text="wait")
        assert holding.held.wait(DEADLINE)
        after = simulator.push("message", text="after")
        elsewhere = simulator.push("message", text="elsewhere", conversationId="cid-other")
        simulator.answer(elsewhere)
        assert holding.begun == ["wait", "elsewhere"]
        assert client.stats()["waiting"] == 1
        holding.go.set()
        simulator.answer(after)
        answered = [answer["messageId"] for answer in simulator.records(3, kind="answer")]
        assert answered == [pushed["messageId"] for pushed in (elsewhere, wait, after)]

    with_client(client, check)
    assert holding.begun[-1] == "after"


@pytest.mark.parametrize("style", ["async", "plain"])
def test_a_conversation_is_handled_in_its_order(client: Client, simulator: Simulator, style: str) -> None:
    seen: list[str | None] = []

    if style == "async":

        @client.on_message
        async def coroutine(message: BotMessage) -> None:
            await message.reply(text("heard"))
            seen.append(message.text)

    else:

        @client.on_message
        def plain(message: BotMessage) -> None:
            message.reply(text("heard")).wait(DEADLINE)
            seen.append(message.text)

    said = [str(number) for number in range(20)]

    def check() -> None:
        for one in said:
            simulator.push("message", text=one)
        simulator.records(len(said), kind="answer")

    with_client(client, check)
    assert seen == said


@pytest.mark.parametrize("style", ["async", "plain"])
@pytest.mark.parametrize(("options", "said"), [({"ordering": "none"}, "after"), ({"bypass": ["/stop"]}, "/stop it")])
def test_messages_need_not_wait(simulator: Simulator, style: str, options: Any, said: str) -> None:
    client = make_client(simulator, **options)
    holding = Holding(client, style)

    def check() -> None:
        simulator.push("message", text="wait")
        assert simulator.answer(simulator.push("message", text=said))["code"] == 200
        holding.go.set()
        simulator.records(2, kind="answer")

    with_client(client, check)
    assert sorted(map(str, holding.begun)) == sorted(["wait", said])


@pytest.mark.parametrize("style", ["async", "plain"])
def test_what_a_loop_took_holds_up_its_conversation_alone(client: Client, simulator: Simulator, style: str) -> None:
    seen: list[str | None] = []
    taken: list[Delivery] = []

    def step(delivery: Delivery) -> None:
        if delivery.topic == "open":
            for said, where in (("take", "cid-one"), ("after", "cid-one"), ("elsewhere", "cid-two")):
                simulator.push("message", text=said, conversationId=where)
        if isinstance(delivery, BotMessage):
            seen.append(delivery.text)
            if delivery.text == "take":
                taken.append(delivery.take())
            elif delivery.text == "elsewhere":
                taken[0].ok()
            else:
                client.stop(DEADLINE)

    async def main() -> None:
        async for delivery in client.deliveries("message", "state"):
            step(delivery)

    if style == "async":
        asyncio.run(asyncio.wait_for(main(), DEADLINE))
    else:
        for delivery in client.deliveries("message", "state"):
            step(delivery)
    assert seen == ["take", "elsewhere", "after"]


def test_coroutine_handlers_of_two_conversations_overlap(client: Client, simulator: Simulator) -> None:
    gone = asyncio.Event()

    @client.on_message
    async def handler(message: BotMessage) -> None:
        if message.text == "wait":
            await gone.wait()
        else:
            await message.reply(text("gone"))
            gone.set()

    def check() -> None:
        simulator.push("message", text="wait", conversationId="cid-one")
        simulator.push("message", text="go", conversationId="cid-two")
        assert {answer["code"] for answer in simulator.records(2, kind="answer")} == {200}

    with_client(client, check)


def test_plain_handlers_of_several_conversations_overlap(client: Client, simulator: Simulator) -> None:
    together = threading.Barrier(3)

    @client.on_message
    def handler(message: BotMessage) -> None:
        together.wait(DEADLINE)

    with client:
        for where in ("cid-one", "cid-two", "cid-three"):
            simulator.push("message", text="each waits for the others", conversationId=where)
        assert {answer["code"] for answer in simulator.records(3, kind="answer")} == {200}
