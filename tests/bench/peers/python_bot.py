"""A bot on the official Python SDK that reads the text and acknowledges; the environment says where DingTalk is."""

import os
import signal

import dingtalk_stream
from dingtalk_stream import AckMessage, ChatbotMessage

handled = 0


class Answer(dingtalk_stream.ChatbotHandler):
    async def process(self, callback):
        global handled
        message = ChatbotMessage.from_dict(callback.data)
        handled += bool(message.text.content.strip())
        return AckMessage.STATUS_OK, None


def end(*_):
    print(f'{{"handled":{handled}}}', flush=True)
    # `start_forever` begins again after any exception.
    os._exit(0)


signal.signal(signal.SIGTERM, end)
client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential("ding-demo", "demo-secret"))
client.register_callback_handler(ChatbotMessage.TOPIC, Answer())
client.start_forever()
