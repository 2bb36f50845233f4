"""A bot on the official Python SDK, unchanged; the environment says where DingTalk is."""

import os

import dingtalk_stream
from dingtalk_stream import AckMessage, AICardReplier, CardCallbackMessage, ChatbotMessage

AI_MARKDOWN = "382e4302-551d-4880-bf29-a30acfab2e71.schema"


class Echo(dingtalk_stream.ChatbotHandler):
    async def process(self, callback):
        message = ChatbotMessage.from_dict(callback.data)
        text = message.text.content.strip()
        match text:
            case "stream":
                self.stream(message)
            case "stream later":
                await self.stream_later(message)
            case "ordinary":
                card = self.reply_card({"contents": [{"type": "text", "text": "one"}]}, message, at_sender=True)
                self.update_card(card, {"contents": [{"type": "text", "text": "two"}]})
                self.set_off_duty_prompt("away")
            case _:
                self.reply_text(f"echo: {text}", message)
        return AckMessage.STATUS_OK, "OK"

    def stream(self, message):
        card = self.ai_markdown_card_start(message, "title")
        card.ai_streaming("one", append=True)
        card.ai_streaming(" two", append=True)
        card.ai_finish(button_list=[{"text": "more", "id": "1", "request": True}])

    async def stream_later(self, message):
        card = AICardReplier(self.dingtalk_client, message)
        instance = await card.async_create_and_deliver_card(AI_MARKDOWN, {"msgContent": ""})
        await card.async_streaming(instance, "msgContent", "one", append=False, finished=False, failed=False)
        await card.async_streaming(instance, "msgContent", "one two", append=False, finished=True, failed=False)


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
