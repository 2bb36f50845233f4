"""The same model as write_cards.rs, through the AI card of the official Python SDK: CARDS TOKENS_A_SECOND TOKENS EVERY.

A thread a card, each with the SDK's loop: ai_start, ai_streaming(append=True) once there are EVERY more tokens, ai_finish.
It gets what care its user can take: ai_start again after a second until there is a card, the one failure that the SDK
lets one see; and what the model says while a call is under way goes along with the next one, so that a slow call makes
the text stale and not the card late. The environment says where DingTalk is."""

import json
import sys
import threading
import time

import dingtalk_stream
from dingtalk_stream import AIMarkdownCardInstance, ChatbotMessage

FIRST = 0x4E00


def main():
    cards, rate, tokens, every = map(int, sys.argv[1:])
    text = "".join(chr(FIRST + number % 20_000) for number in range(tokens))
    client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential("ding-demo", "demo-secret"))
    # As it would have been by any bot that runs for a while; else each thread fetches one.
    client.get_access_token()
    told = [None] * cards
    begun = time.time()

    def write(number):
        card = AIMarkdownCardInstance(client, message(number))
        card.ai_start()
        while not card.card_instance_id:
            time.sleep(1)
            card.ai_start()
        said = 0
        while said < tokens:
            due = begun + (min(said + every, tokens) - 1) / rate
            time.sleep(max(0, due - time.time()))
            there = min(tokens, int((time.time() - begun) * rate) + 1)
            card.ai_streaming(text[said:there], append=True)
            said = there
        ended = time.time()
        card.ai_finish()
        told[number] = {"ended": int(ended * 1000), "told": {"tracks": [card.card_instance_id]}}

    threads = [threading.Thread(target=write, args=(number,)) for number in range(cards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"begun": int(begun * 1000), "cards": told}))


def message(number):
    return ChatbotMessage.from_dict(
        {"conversationType": "2", "conversationId": f"cid-{number}", "senderId": "s", "msgId": f"m-{number}"}
    )


main()
