"""Starting, stopping, and taking one delivery after the other."""

from __future__ import annotations

import asyncio

import report
from bot import PATIENCE, made, settling, tell_state
from dingstream import BotMessage, StateChange, text


def stop() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await message.reply(text("stopping"))
        bot.stop(PATIENCE)

    bot.run()


def restart() -> None:
    asyncio.run(restarting())


async def restarting() -> None:
    bot = settling()
    run = 0
    handled = asyncio.Event()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await message.reply(text(f"run {run}: {message.text}"))
        handled.set()

    while run < 2:
        run += 1
        handled.clear()
        await bot.start()
        await handled.wait()
        await bot.stop(PATIENCE)


def start() -> None:
    asyncio.run(starting())


async def starting() -> None:
    bot = settling()

    @bot.on_message
    async def message(_message: BotMessage) -> None:
        report.count()

    await bot.start()
    await bot.stop(PATIENCE)


def iterate() -> None:
    asyncio.run(iterating())


async def iterating() -> None:
    bot = made(answer_message="on_completion")
    async for delivery in bot.deliveries("message", "event", "state"):
        if isinstance(delivery, StateChange):
            tell_state(delivery)
            continue
        report.count()
        if isinstance(delivery, BotMessage):
            await delivery.reply(text(delivery.text or ""))
            if delivery.text == "stop":
                bot.stop(PATIENCE)
