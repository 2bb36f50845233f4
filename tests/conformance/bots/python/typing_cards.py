"""Cards that are written while people read them."""

from __future__ import annotations

from typing import Any

import report
from bot import settling
from dingstream import BotMessage, CardSession, Client, Error, Space

FALLBACK = "gone wrong"


class Kept:
    """The session that one message opens and others go on with."""

    session: CardSession


def type() -> None:
    bot, kept = settling(ordering="none"), Kept()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        try:
            await typed(bot, kept, message)
        except Error as error:
            report.error(error)
        except LetGoError:
            pass

    bot.run()


class LetGoError(Exception):
    """Leaves a session's scope."""


def opened(message: BotMessage, **options: Any) -> CardSession:
    return message.card("Thinking…", fallback=FALLBACK, **options)


async def typed(bot: Client, kept: Kept, message: BotMessage) -> None:
    if message.text == "hello":
        card = opened(message)
        card.push("Hello, ")
        card.push("**world**.")
        card.button("Like", id="like")
        told(await card.finish())
    elif message.text == "long":
        card = opened(message, max_chars=100)
        card.push("字" * 250)
        told(await card.finish())
    elif message.text == "drop":
        async with opened(message) as card:
            card.push("half")
            raise LetGoError
    elif message.text == "fail":
        card = opened(message)
        card.push("half")
        told(await card.fail("no answer"))
    elif message.text == "empty":
        told(await opened(message).finish())
    elif message.text == "twice":
        await type_twice(message)
    elif message.text == "open":
        kept.session = opened(message)
        kept.session.push("one")
    elif message.text == "more":
        kept.session.push(" two")
    elif message.text == "end":
        told(await kept.session.finish())
    elif message.text == "own":
        card = message.card("…", template="mine.schema", key="answer", data={"model": {"name": "m"}})
        card.push("42")
        told(await card.finish())
    elif message.text == "space":
        card = bot.card(Space.group("cid1=="), "Thinking…")
        card.push("hi")
        told(await card.finish())
    elif message.text == "options":
        message.card(max_calls=2)


async def type_twice(message: BotMessage) -> None:
    card = opened(message)
    card.push("x")
    told(await card.finish())
    try:
        card.push("y")
    except Error as error:
        report.error(error)
    await card.finish()


def told(end: dict[str, Any]) -> None:
    report.line({"card": {"via": end["via"], "state": end["state"], "cards": len(end["outTrackIds"])}})
