"""An AI card that types its answer, with a button whose click gets a response."""

import asyncio
import os
from collections.abc import AsyncIterator

from dingstream import BotMessage, CardAction, CardResponse, Client

client = Client(os.environ.get("DINGTALK_CLIENT_ID", ""), os.environ.get("DINGTALK_CLIENT_SECRET", ""))


@client.on_message
async def answer(message: BotMessage) -> None:
    async with message.card("Thinking…") as card:
        async for word in model(message.text or ""):
            card.push(word)
        card.button("Helpful", id="helpful")


@client.on_card
async def thank(action: CardAction) -> CardResponse:
    return CardResponse({"msgTitle": "Thank you!"})


async def model(question: str) -> AsyncIterator[str]:
    """Stands for a model, which takes its time for each word."""
    for word in f"You asked: **{question}**. Let me think about that.".split(" "):
        await asyncio.sleep(0.1)
        yield f"{word} "


client.run()
