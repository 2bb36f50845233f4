"""The errors that a bot can run into, on demand."""

from __future__ import annotations

import os

import report
from bot import settling
from dingstream import BotMessage, Client, Error, Webhook, text

SENDS = 1100
"""More than a webhook lets wait."""


def errors() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        try:
            await run_into(bot, message)
        except Error as error:
            report.error(error)

    bot.run()


async def run_into(bot: Client, message: BotMessage) -> None:
    if message.text == "elsewhere":
        await bot.request("GET", "https://elsewhere/")
    elif message.text == "config":
        Client("", "")
    elif message.text == "long":
        await message.reply(text("x" * 1024 * 1024))
    elif message.text == "cancel":
        call = bot.send(text("x"), group="cid1==")
        call.cancel()
        await call
    elif message.text == "closed":
        second = settling("ding-second", "second-secret")
        second.on_message(lambda message: None)
        start = second.start()
        second.stop(0)
        await start
    elif message.text == "busy":
        webhook = Webhook(os.environ["DINGSTREAM_BOT_WEBHOOK"])
        sends = [webhook.send(text("x")) for _ in range(SENDS)]
        await sends[-1]
