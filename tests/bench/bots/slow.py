"""A bot whose handlers take a while: slow.py async|plain MILLISECONDS."""

import asyncio
import itertools
import json
import sys
import time

from dingstream import BotMessage, Client

# Counts from several threads.
handled = itertools.count()
how, work = sys.argv[1], int(sys.argv[2]) / 1000
client = Client("ding-demo", "demo-secret", answer_message="on_completion")


async def coroutine(message: BotMessage) -> None:
    next(handled)
    _ = message.text
    await asyncio.sleep(work)


def plain(message: BotMessage) -> None:
    next(handled)
    _ = message.text
    time.sleep(work)


client.on_message(coroutine if how == "async" else plain)
client.run()
print(json.dumps({"handled": next(handled)}), flush=True)
