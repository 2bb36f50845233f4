"""What becomes of deliveries."""

from __future__ import annotations

from typing import Any

import report
from bot import PATIENCE, settling
from dingstream import BotMessage, CardAction, Client, Delivery, Error, Event, Later

TOPIC = "/v1.0/x"


def answer() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        _ = message.text

    answer_the_rest(bot)
    bot.run()


def stats() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        if message.text == "stats":
            report.line({"stats": bot.stats()})

    answer_the_rest(bot)
    bot.run()


def answer_the_rest(bot: Client) -> None:
    @bot.on_event
    async def event(_event: Event) -> None:
        report.count()

    @bot.on_card
    async def card(action: CardAction) -> dict[str, Any]:
        report.count()
        return {"cardData": {"cardParamMap": {"clicked": action.action_ids[0]}}}

    @bot.on(TOPIC)
    async def other(delivery: Delivery) -> dict[str, Any]:
        report.count()
        return {"echo": delivery.json()}


def answer_plain() -> None:
    """The same on threads, for the benchmark."""
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        _ = message.text

    bot.run()


def handle_all(bot: Client, handler: Any) -> None:
    bot.on_message(handler)
    bot.on_event(handler)
    bot.on_card(handler)
    bot.on(TOPIC, handler)
    bot.run()


def later() -> None:
    async def handler(_delivery: Delivery) -> Later:
        report.count()
        return Later("try again")

    handle_all(settling(), handler)


def fail() -> None:
    async def handler(_delivery: Delivery) -> None:
        report.count()
        raise RuntimeError("planted-secret")

    handle_all(settling(), handler)


def silent() -> None:
    kept = []

    def handler(delivery: Delivery) -> None:
        report.count()
        kept.append(delivery.take())

    handle_all(settling(), handler)


def decline() -> None:
    """Takes what comes, and lets go of it."""
    bot = settling()
    let_go = 0

    async def handler(delivery: Delivery) -> None:
        nonlocal let_go
        report.count()
        delivery.take()
        let_go += 1
        if let_go == 4:
            bot.stop(PATIENCE)

    handle_all(bot, handler)


def twice() -> None:
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        message.ok()
        try:
            message.ok()
        except Error as error:
            report.error(error)

    bot.run()


def card() -> None:
    bot = settling()

    @bot.on_card
    def card(_action: CardAction) -> str:
        report.count()
        return "done"

    bot.run()


def types() -> None:
    bot = settling()

    @bot.on_event("user_add_org")
    async def added(_event: Event) -> None:
        report.count()
        report.line({"event": "user_add_org"})

    @bot.on_event("org_remove")
    def removed(_event: Event) -> None:
        report.count()
        report.line({"event": "org_remove"})

    bot.run()
