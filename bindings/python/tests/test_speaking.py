"""What a client says without being asked, and the ways of a reply."""

from __future__ import annotations

import asyncio
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator
from dingstream import (
    Client,
    Message,
    action_card,
    audio,
    feed_card,
    file,
    image,
    link,
    markdown,
    text,
    video,
)
from test_calls import a_message

PATH = "/v1.0/contact/users/search"
USERS = [f"u{number}" for number in range(25)]


def taken(simulator: Simulator, count: int = 1, **query: str) -> list[Any]:
    """Without what was refused for a token that was given before a reset."""
    return simulator.records(count, status="200", **query)


def test_users_get_a_message_without_a_start_and_with_one(client: Client, simulator: Simulator) -> None:
    sent = client.send(markdown("t", "x"), users=iter(USERS)).wait(DEADLINE)
    assert [len(batch["users"]) for batch in taken(simulator, 2, kind="send")] == [20, 5]
    assert (len(sent["processQueryKeys"]), sent["failed"], "lost" in sent) == (2, [], False)

    async def main() -> Any:
        return await client.send(text("x", at_all=True), users=["u1"])

    assert asyncio.run(main())["lost"] == ["mentions"]
    assert client.state == "idle"


def test_groups_and_conversations_get_theirs(client: Client, simulator: Simulator) -> None:
    client.send(text("x"), group="cid1==").wait(DEADLINE)
    client.send(text("x"), conversation="cid2==", cool_app="COOLAPP-1").wait(DEADLINE)
    sent = taken(simulator, 2, kind="send")
    paths = ["/v1.0/robot/groupMessages/send", "/v1.0/robot/privateChatMessages/send"]
    assert [record["path"] for record in sent] == paths


@pytest.mark.parametrize(
    "target", [{}, {"users": "u1"}, {"users": ["u1"], "group": "cid1=="}, {"conversation": "cid1=="}, {"colour": "red"}]
)
def test_a_target_is_of_one_kind(client: Client, target: dict[str, Any]) -> None:
    with pytest.raises(dingstream.ArgumentError, match="a target is none of users, group"):
        client.send(text("x"), **target)


def test_what_was_sent_is_asked_about_and_taken_back(client: Client, simulator: Simulator) -> None:
    key = client.send(text("x"), users=["u1"]).wait(DEADLINE)["processQueryKeys"][0]
    assert client.read_status(key).wait(DEADLINE)["sendStatus"] == "SUCCESS"
    told = client.recall([key, "unknown"]).wait(DEADLINE)
    assert (told["successResult"], list(told["failedResult"])) == ([key], ["unknown"])
    key = client.send(text("x"), group="cid1==").wait(DEADLINE)["processQueryKeys"][0]
    client.read_status(key, group="cid1==").wait(DEADLINE)
    assert client.recall([key], group="cid1==").wait(DEADLINE)["successResult"] == [key]


def test_users_are_dinged(client: Client, simulator: Simulator) -> None:
    client.ding(["u1"], "now", remind="sms").wait(DEADLINE)
    (ding,) = taken(simulator, kind="send")
    assert ding["remindType"] == 2
    with pytest.raises(dingstream.ArgumentError, match="the reminders are app, sms, phone"):
        client.ding(["u1"], "now", remind="pigeon")  # type: ignore[arg-type]


def test_any_other_api_is_called(client: Client, simulator: Simulator) -> None:
    simulator.post("answers", method="POST", path=PATH, body={"list": ["u1"]})
    answer = client.request("POST", PATH, query={"a": "b+c"}, body={"queryWord": "ann"}).wait(DEADLINE)
    assert answer == {"list": ["u1"]}
    (request,) = taken(simulator, kind="request")
    assert (request["query"]["a"], request["body"]) == ("b+c", {"queryWord": "ann"})
    simulator.post("answers", method="GET", path="/topapi/x", body={"errcode": 0, "a": 1})
    assert client.request("GET", "/topapi/x", host="oapi").wait(DEADLINE)["a"] == 1


def test_a_refused_call_has_its_class(client: Client, simulator: Simulator) -> None:
    simulator.post("answers", method="POST", path=PATH, body={})
    simulator.post("break", what=PATH, code="Forbidden.AccessDenied.AccessTokenPermissionDenied", status=403)
    with pytest.raises(dingstream.ForbiddenError) as raised:
        client.request("POST", PATH).wait(DEADLINE)
    assert (raised.value.stage, raised.value.http_status) == ("call:request", 403)
    with pytest.raises(dingstream.ArgumentError, match="begins with one slash"):
        client.request("GET", "https://elsewhere/x").wait(DEADLINE)
    with pytest.raises(dingstream.ArgumentError, match="a body of type set is not JSON"):
        client.request("POST", PATH, body={"planted"})
    with pytest.raises(dingstream.ArgumentError, match="the hosts are api, oapi"):
        client.request("POST", PATH, host="h")  # type: ignore[arg-type]


def test_what_nobody_looked_at_is_told_with_the_next_call(
    client: Client, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    client.send(text(" "), users=["u1"])
    for _ in range(100):
        with pytest.raises(dingstream.ArgumentError):
            client.send(text(" "), users=["u1"]).wait(DEADLINE)
        if "nobody looked at the error of send" in caplog.text:
            return
    raise AssertionError("it was not told")


def test_an_isv_calls_for_an_organisation(client: Client, simulator: Simulator) -> None:
    simulator.post("answers", method="POST", path=PATH, body={})
    with pytest.raises(dingstream.Error, match="suite_ticket"):
        client.request("POST", PATH, corp="corp-1").wait(DEADLINE)
    client.set_suite_ticket("planted-ticket")
    client.request("POST", PATH, corp="corp-1").wait(DEADLINE)
    taken(simulator, kind="request", corpId="corp-1")


BUTTONS = [("b1", "https://u"), ("b2", "https://u")]
TYPES: list[tuple[Message, str]] = [
    (text("x"), "session"),
    (markdown("t", "x"), "session"),
    (link("t", "x", "https://u", picture="https://p"), "session"),
    (action_card("t", "x", BUTTONS[:1]), "session"),
    (action_card("t", "x", iter(BUTTONS), horizontal=True), "session"),
    (feed_card([("a", "https://u", "https://p")]), "session"),
    (image("@p"), "openapi"),
    (audio("@a", 4000), "openapi"),
    (file("@f", "a.pdf"), "openapi"),
    (video("$v", "$c", 5), "openapi"),
]


def test_a_reply_takes_the_way_that_carries_it(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        for said, way in TYPES:
            told = message.reply(said).wait(DEADLINE)
            assert (told["via"], "processQueryKeys" in told) == (way, way == "openapi"), said


def test_a_reply_takes_the_way_of_your_choice(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        told = message.reply(text("x", at_user_ids=["u1"]), via="openapi").wait(DEADLINE)
        assert (told["via"], told["lost"]) == ("openapi", ["mentions"])
        with pytest.raises(dingstream.ArgumentError):
            message.reply(image("@p"), via="session").wait(DEADLINE)
        with pytest.raises(dingstream.ArgumentError, match="the ways are auto, session, openapi"):
            message.reply(text("x"), via="pigeon")  # type: ignore[arg-type]
