"""Handlers that wait until a message releases them."""

from __future__ import annotations

import asyncio

import report
from bot import settling
from dingstream import BotMessage, CardAction, Error, Event


class Gate:
    """Lets through all that wait, and closes again."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Future[None]] = []

    async def passed(self) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self.waiting.append(waiting)
        await waiting

    def open(self) -> None:
        while self.waiting:
            self.waiting.pop(0).set_result(None)


def began(kind: str, id: str | None) -> None:
    report.count()
    report.line({"began": kind, "id": id})


def wait() -> None:
    bot, gate = settling(), Gate()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        began("message", message.text)
        if message.text == "go":
            gate.open()
            report.line({"went": True})
        else:
            await gate.passed()
        if message.text == "fail":
            raise RuntimeError("planted-secret")

    @bot.on_event
    async def event(event: Event) -> None:
        began("event", event.event_id)
        await gate.passed()

    @bot.on_card
    async def card(action: CardAction) -> None:
        began("card", action.out_track_id)
        await gate.passed()
        try:
            action.ok({"a": 1})
        except Error as error:
            report.error(error)

    bot.run()
