"""What the typed views read."""

from __future__ import annotations

from typing import Any

from conftest import Simulator, make_client, with_client
from dingstream import BotMessage


def test_a_message_of_another_type_reads_whole(simulator: Simulator) -> None:
    client = make_client(simulator)
    seen: list[BotMessage] = []

    @client.on_message
    async def message(message: BotMessage) -> None:
        seen.append(message)

    def push(msgtype: str, **data: Any) -> None:
        simulator.answer(simulator.push("message", msgtype=msgtype, data=data))

    def check() -> None:
        picture = {"type": "picture", "downloadCode": "c1"}
        push("richText", content={"richText": [{"text": "see "}, picture, {"text": "this"}]})
        push("audio", content={"duration": "5", "downloadCode": "c1", "recognition": "hi"})
        push("text", text=None, errCode=20001, errMsg="over")

    with_client(client, check)
    rich, spoken, refused = seen
    assert (rich.text, rich.download_codes) == ("see this", ["c1"])
    assert (spoken.text, spoken.download_codes) == (None, ["c1"])
    assert (spoken.recognition, spoken.duration) == ("hi", 5)
    assert (refused.text, refused.error_code, refused.error_message) == (None, 20001, "over")
    assert (refused.download_codes, refused.quoted_text, refused.hosting_user_id) == (None, None, None)
