"""What the bot does, by name."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import report
from dingstream import BotMessage, CardAction, Client, Delivery, Error, Event, Later, StateChange, markdown, text

TOPIC = "/v1.0/x"
PATIENCE = 5


def client(client_id: str = "", secret: str = "", **options: Any) -> Client:
    made = Client(
        client_id or os.environ.get("DINGTALK_CLIENT_ID", "ding-demo"),
        secret or os.environ.get("DINGTALK_CLIENT_SECRET", "demo-secret"),
        **options,
    )
    made.on_state(tell_state)
    return made


def tell_state(change: StateChange) -> None:
    report.line({"state": change.state})


def settling(client_id: str = "", secret: str = "") -> Client:
    """Messages are answered once they are settled, so that the answer shows what the handler did."""
    return client(client_id, secret, answer_message="on_completion")


def answer() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        _ = message.text

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

    bot.run()


def answer_plain() -> None:
    """The same on threads, for the benchmark."""
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        _ = message.text

    bot.run()


def echo() -> None:
    bot = client()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await message.reply(markdown("echo", f"**{message.text}**"))

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


def slow() -> None:
    bot = settling()

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        await asyncio.sleep(1)
        await message.reply(text(f"slow: {message.text}"))

    bot.run()


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


def iterate() -> None:
    asyncio.run(iterating())


async def iterating() -> None:
    bot = Client(
        os.environ.get("DINGTALK_CLIENT_ID", "ding-demo"),
        os.environ.get("DINGTALK_CLIENT_SECRET", "demo-secret"),
        answer_message="on_completion",
    )
    async for delivery in bot.deliveries("message", "event", "state"):
        if isinstance(delivery, StateChange):
            tell_state(delivery)
            continue
        report.count()
        if isinstance(delivery, BotMessage):
            await delivery.reply(text(delivery.text or ""))
            if delivery.text == "stop":
                bot.stop(PATIENCE)


def card() -> None:
    bot = settling()

    @bot.on_card
    def card(_action: CardAction) -> str:
        report.count()
        return "done"

    bot.run()


def start() -> None:
    asyncio.run(starting())


async def starting() -> None:
    bot = settling()

    @bot.on_message
    async def message(_message: BotMessage) -> None:
        report.count()

    await bot.start()
    await bot.stop(PATIENCE)


def read() -> None:
    bot = settling()

    @bot.on_message
    def message(message: BotMessage) -> None:
        report.count()
        told = {
            "text": message.text,
            "msgtype": message.msgtype,
            "conversationType": message.conversation_type,
            "createAt": message.create_at,
            "senderNick": message.sender_nick,
            "isAdmin": message.is_admin,
            "atUsers": message.at_users,
            "content": message.content,
        }
        report.line({"read": told})

    @bot.on_event
    def event(event: Event) -> None:
        report.count()
        report.line({"read": {"eventType": event.event_type, "eventId": event.event_id, "bornTime": event.born_time}})

    @bot.on_card
    def card(action: CardAction) -> None:
        report.count()
        told = {
            "outTrackId": action.out_track_id,
            "userId": action.user_id,
            "actionIds": action.action_ids,
            "params": action.params,
        }
        report.line({"read": told})

    bot.run()


NAMES = {
    behaviour.__name__.replace("_", "-"): behaviour
    for behaviour in (
        *(answer, answer_plain, card, decline, echo, fail, gate, iterate, later, read, reply, restart, silent, slow),
        *(start, stop, twice, two, types),
    )
}
