"""What is said back."""

from __future__ import annotations

import asyncio

import report
from bot import client, settling
from dingstream import BotMessage, Client, Error, markdown, text


def echo() -> None:
    bot = client()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await message.reply(markdown("echo", f"**{message.text}**"))

    bot.run()


def slow() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await asyncio.sleep(1)
        await message.reply(text(f"slow: {message.text}"))

    bot.run()


def gate() -> None:
    bot = settling()
    gone = asyncio.Event()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        if message.text == "wait":
            await gone.wait()
            await message.reply(text("waited"))
        else:
            await message.reply(text("gone"))
            gone.set()

    bot.run()


def reply() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        try:
            done = await message.reply(text(message.text or ""))
            report.line({"replied": done["via"]})
        except Error as error:
            report.error(error)

    bot.run()


def two() -> None:
    asyncio.run(both())


async def both() -> None:
    bots = [replying("ding-demo", "demo-secret"), replying("ding-second", "second-secret")]
    await asyncio.gather(*(bot.serve() for bot in bots))


def replying(client_id: str, secret: str) -> Client:
    bot = settling(client_id, secret)

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await message.reply(text(f"{client_id}: {message.text}"))

    return bot
