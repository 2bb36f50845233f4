"""Cards that do not type, their calls, and what answers their clicks."""

from __future__ import annotations

import report
from bot import settling
from dingstream import BotMessage, Card, CardAction, CardButton, CardResponse, Client, DynamicData, Error, Space

GROUP = Space.group("cid1==")


def cards() -> None:
    bot = settling(ordering="none")

    @bot.on_message
    async def message(message: BotMessage) -> None:
        report.count()
        try:
            await called(bot, message)
        except Error as error:
            report.error(error)

    @bot.on_card
    async def card(action: CardAction) -> CardResponse | DynamicData:
        report.count()
        if action.action_type == "dynamicDataCallback":
            return DynamicData({source: {"x": 1} for source in action.dynamic_data_source_ids or []})
        clicked = {"actionIds": action.action_ids, "params": action.params, "userId": action.user_id}
        report.line({"clicked": clicked})
        return CardResponse({"count": 1}, {"title": "mine"})

    bot.run()


async def called(bot: Client, message: BotMessage) -> None:
    if message.text == "send":
        await send(bot)
    elif message.text == "update":
        await bot.card_update("t-1", {"count": 2})
        report.line({"updated": True})
    elif message.text == "top":
        await top(bot)
    elif message.text == "public":
        await public(bot)
    elif message.text == "route":
        await bot.card_register_callback("r", "https://example.com/c", "planted-route-secret", force=True)
        report.line({"route": True})
    elif message.text == "standard":
        await bot.standard_card_send("biz-1", ordinary("a"), group="cid1==")
        await bot.standard_card_update("biz-1", ordinary("b"))
        report.line({"standard": "biz-1"})
    elif message.text == "refused":
        await bot.card_send(Card("StandardCard", spaces=[GROUP]))
    elif message.text == "unknown":
        await bot.card_update("nobody", {"title": "t"})


async def send(bot: Client) -> None:
    card = Card(
        "mine.schema",
        {"title": "t", "count": 1, "list": [{"a": True}]},
        track_id="t-1",
        private_data={"u1": {"title": "for you"}},
        spaces=[Space.group("cid1==", at={"@ALL": "@ALL"}), Space.robot("u1")],
        last_message="news",
    )
    told = await bot.card_send(card)
    spaces = [result["success"] for result in told["deliverResults"]]
    report.line({"sent": {"outTrackId": told["outTrackId"], "spaces": spaces}})


async def top(bot: Client) -> None:
    await bot.card_create(Card("mine.schema", {"title": "t"}, track_id="t-2", spaces=[GROUP]))
    above = Card("mine.schema", track_id="t-2", spaces=[Space.top("cid1==", 4_000_000_000_000)])
    await bot.card_add_spaces(above)
    await bot.card_deliver(above)
    await bot.card_close_top("t-2", "cid1==")
    report.line({"top": True})


async def public(bot: Client) -> None:
    public = [
        Card.markdown("m", title="t", spaces=[GROUP]),
        Card.markdown_buttons("m", [CardButton("b", url="https://e")], tips="x", spaces=[GROUP]),
        Card.ai_markdown("m", [CardButton("b", id="i")], spaces=[GROUP]),
        Card.carousel("m", [("s", "@i")], button="Choose", spaces=[GROUP]),
    ]
    for card in public:
        await bot.card_send(card)
    report.line({"public": len(public)})


def ordinary(text: str) -> dict[str, object]:
    return {"contents": [{"type": "markdown", "text": text, "id": "1"}]}
