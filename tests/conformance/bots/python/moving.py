"""Files on their way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import report
from bot import settling
from dingstream import BotMessage, Client, Error


def media() -> None:
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        try:
            move(bot, message)
        except Error as error:
            report.error(error)

    bot.run()


def move(bot: Client, message: BotMessage) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if message.text == "upload":
            report.line({"uploaded": bot.upload("file", b"x" * 200_000, "report.pdf").wait()["type"]})
        elif message.text == "upload file":
            photo = Path(folder, "photo.png")
            photo.write_bytes(b"x" * 1000)
            report.line({"uploaded": bot.upload("image", photo).wait()["type"]})
        elif message.text == "upload text":
            report.line({"uploaded": bot.upload("file", b"x" * 10, "notes.txt").wait()["type"]})
        elif message.text == "download":
            report.line({"downloaded": len(bot.download(first_code(message)).wait().data)})
        elif message.text == "download file":
            told = bot.download(first_code(message), folder).wait()
            report.line({"downloaded": Path(told["path"]).stat().st_size})


def first_code(message: BotMessage) -> str:
    codes = message.download_codes or [""]
    return str(codes[0])
