"""A bot on the official Python SDK, unchanged; the environment says where DingTalk is."""

import os

import dingtalk_stream
from dingtalk_stream import AckMessage, CardCallbackMessage, ChatbotMessage


class Echo(dingtalk_stream.ChatbotHandler):
    async def process(self, callback):
        message = ChatbotMessage.from_dict(callback.data)
        self.reply_text(f"echo: {message.text.content.strip()}", message)
        return AckMessage.STATUS_OK, "OK"


class Events(dingtalk_stream.EventHandler):
    async def process(self, event):
        return AckMessage.STATUS_OK, "OK"


class Cards(dingtalk_stream.CallbackHandler):
    async def process(self, callback):
        click = CardCallbackMessage.from_dict(callback.data)
        action = click.content["cardPrivateData"]["actionIds"][0]
        return AckMessage.STATUS_OK, {"cardData": {"cardParamMap": {"clicked": action}}}


credential = dingtalk_stream.Credential(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
client = dingtalk_stream.DingTalkStreamClient(credential)
client.register_all_event_handler(Events())
client.register_callback_handler(ChatbotMessage.TOPIC, Echo())
client.register_callback_handler(dingtalk_stream.Card_Callback_Router_Topic, Cards())
client.start_forever()
