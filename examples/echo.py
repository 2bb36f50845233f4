"""A bot that says back what it hears."""

import os

from dingstream import BotMessage, Client, markdown

client = Client(os.environ.get("DINGTALK_CLIENT_ID", ""), os.environ.get("DINGTALK_CLIENT_SECRET", ""))


@client.on_message
async def echo(message: BotMessage) -> None:
    await message.reply(markdown("echo", f"**{message.text}**"))


client.run()
