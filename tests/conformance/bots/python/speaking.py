"""What is said without being asked, and everything that can be said."""

from __future__ import annotations

import os

import report
from bot import settling
from dingstream import (
    BotMessage,
    Client,
    Error,
    Webhook,
    action_card,
    audio,
    escape_markdown,
    feed_card,
    file,
    fit_markdown,
    image,
    image_markdown,
    link,
    link_to,
    markdown,
    mention,
    split_markdown,
    text,
    video,
)


def say() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        try:
            await said(bot, message)
        except Error as error:
            report.error(error)

    bot.run()


async def said(bot: Client, message: BotMessage) -> None:
    if message.text == "users":
        sent = await bot.send(markdown("t", "x"), users=[f"u{number}" for number in range(25)])
        report.line({"sent": len(sent["processQueryKeys"])})
    elif message.text == "group":
        sent = await bot.send(text("x"), group="cid1==")
        report.line({"sent": len(sent["processQueryKeys"])})
    elif message.text == "request":
        path = "/v1.0/contact/users/search"
        answer = await bot.request("POST", path, query={"a": "b"}, body={"queryWord": "ann"})
        report.line({"answered": answer["list"]})
    elif message.text == "robot":
        url, secret = (os.environ.get(f"DINGSTREAM_BOT_WEBHOOK{part}", "") for part in ("", "_SECRET"))
        told = await Webhook(url, secret, overflow="drop").send(text("disk full"))
        report.line({"robot": told["sent"]})
    elif message.text == "markdown":
        table = "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
        shaped = [escape_markdown("a*b_[c]"), mention("138"), image_markdown("@p"), link_to("https://a.b/?c=d")]
        shaped += [fit_markdown(table), *split_markdown(" ".join(["word"] * 20), 64)]
        report.line({"markdown": shaped})
    elif message.text == "support":
        try:
            await bot.request("POST", "/v1.0/contact/users/search")
        except Error as error:
            steady = ("client id", "HTTP status", "code")
            lines = [line for line in error.support_text.splitlines() if line.startswith(steady)]
            report.line({"support": lines, "requiredScopes": error.required_scopes})
    elif message.text == "types":
        await reply_with_every_type(message)


async def reply_with_every_type(message: BotMessage) -> None:
    b1, b2 = ("b1", "https://u"), ("b2", "https://u")
    by_any_way = [
        text("x"),
        markdown("t", "x"),
        link("t", "x", "https://u", picture="https://p"),
        action_card("t", "x", [b1]),
        action_card("t", "x", [b1, b2], horizontal=True),
        feed_card([("a", "https://u", "https://p")]),
    ]
    for said in by_any_way:
        report.line({"replied": (await message.reply(said))["via"]})
    for said in [image("@p"), audio("@a", 4000), file("@f", "a.pdf"), video("$v", "$c", 5)]:
        report.line({"replied": (await message.reply(said, via="openapi"))["via"]})
