"""No secret reaches a log, an error, or what is shown for debugging."""

from __future__ import annotations

import asyncio
import gc
import logging
import pprint
import traceback
from pathlib import Path
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, PATIENT, Simulator, Style, ended, in_thread, program, with_client
from dingstream import (
    BotMessage,
    Card,
    CardResponse,
    Client,
    Delivery,
    DynamicData,
    Error,
    Later,
    Space,
    markdown,
    text,
)

MARK = "planted"
"""Every planted secret has it somewhere inside."""

# Named, because a traceback shows the lines of this file too.
PROXY = "http://planted-user:planted-password@127.0.0.1:1"
SAID = "planted-text"
RESPONSE = {"planted", "a set"}
ROUTE_SECRET = "planted-route-secret"


class Ear:
    """All that was told."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.told: list[str] = []
        self.secrets = [MARK]
        self._caplog = caplog

    def hear(self, *things: Any) -> None:
        for thing in things:
            self.told += [repr(thing), str(thing), f"{thing}", pprint.pformat(thing)]
            # What it holds itself; what its class gives on demand is what it is for.
            self.told.append(pprint.pformat(getattr(thing, "__dict__", {})))

    def error(self, error: BaseException) -> None:
        self.hear(error)
        self.told += [f"{name}={getattr(error, name)!r}" for name in dir(error)]
        self.told += traceback.format_exception(type(error), error, error.__traceback__)
        # Tools that report errors show the variables of each frame; those of the application are its own.
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        ours = str(Path(dingstream.__file__).parent)
        self.told += [str(frame.locals) for frame in told.stack if frame.filename.startswith(ours)]

    def refusal(self, kind: type[Error], call: dingstream.Call) -> None:
        self.hear(call)
        with pytest.raises(kind) as raised:
            call.wait(DEADLINE)
        self.error(raised.value)

    def check(self, *expected: str) -> None:
        for record in self._caplog.records:
            self.told += [str(vars(record)), record.getMessage()]
        everything = "\n".join([*self.told, self._caplog.text])
        for told in expected:
            assert told in everything, f"{told!r} was to be told, or this test proves nothing"
        for secret in self.secrets:
            assert secret not in everything


@pytest.fixture
def ear(caplog: pytest.LogCaptureFixture) -> Ear:
    caplog.set_level(logging.DEBUG)
    return Ear(caplog)


@pytest.fixture
def options(simulator: Simulator) -> dict[str, Any]:
    """Those of an app whose secret is planted."""
    simulator.post("apps", clientId="ding-marked", clientSecret="planted-client-secret")
    options = {"client_id": "ding-marked", "client_secret": "planted-client-secret", "endpoint": simulator.url}
    return {**options, **PATIENT, "log_level": "trace", "answer_message": "on_completion", "backoff_max_ms": 1}


def test_a_session_tells_no_secret(ear: Ear, simulator: Simulator, options: dict[str, Any]) -> None:
    ticket = {"endpoint": "http://h/planted-path", "ticket": "planted-ticket"}
    simulator.post("break", what="open", status=200, body=ticket, times=1)
    simulator.post("break", what="upgrade", status=401, body="planted-body", times=1)
    client = Client(**options)
    deliveries = client.deliveries("message", "card", "event", "state")

    def come(wanted: str) -> Delivery:
        for delivery in deliveries:
            ear.hear(delivery)
            if wanted in (delivery.kind, delivery.topic):
                return delivery
        raise AssertionError(f"{wanted} did not come")

    def push(kind: str, **order: Any) -> None:
        simulator.push(kind, clientId="ding-marked", **order)

    come("open")
    push("frame", text='{"planted": broken')
    push("callback", topic="/v1.0/unknown", data="planted")
    push("message", text="planted-incoming-text", senderNick="planted-nick")
    message = come("message")
    ear.secrets.append(message.json("/sessionWebhook").split("session=")[1])
    reply = markdown("planted-title", "planted-reply-text", at_mobiles=["planted-mobile"])
    ear.hear(client, client._native, deliveries, reply, Later("busy"), client.stats(), client.metrics())
    ear.hear(message.reply(reply).wait(DEADLINE))
    for refusal, errcode in ((dingstream.RejectedError, 310000), (dingstream.ExpiredError, 300001)):
        simulator.post("break", what="webhook", errcode=errcode, errmsg="refused", times=1)
        ear.refusal(refusal, message.reply(reply, via="session"))
    simulator.post("break", what="webhook", status=502, body="<html>planted", times=1)
    message.reply(reply)
    simulator.records(4, kind="reply")
    for url in (PROXY, "http://[planted", "ftp://planted"):
        push("message", text="planted", data={"sessionWebhook": url})
        ear.refusal(Error, come("message").reply(reply, via="session"))
    with pytest.raises(dingstream.AnsweredError) as answered:
        message.ok(SAID)
    ear.error(answered.value)
    push("card", actionIds=["planted-action"], params={"planted": "planted"})
    with pytest.raises(dingstream.ArgumentError) as argument:
        come("card").ok(RESPONSE)
    ear.error(argument.value)
    push("event", eventType="user_add_org", data={"planted": 1})
    del message
    come("event").take()
    gc.collect()
    simulator.post("break", what="drop")
    come("waiting")
    come("open")
    client.stop(0)
    come("stopped")
    ear.check(
        *("no ws or wss URL", "refused the upgrade", "a frame was skipped", "Message(markdown)", "Client(open)"),
        *("'via': 'session'", "310000", "300001", "nobody looked at the error of reply", "HTTP 502"),
        *("127.0.0.1 can't be reached", "is not valid", "settled before", "a response of type set is not JSON"),
        *("dropped unsettled", "the connection was lost"),
    )


def test_a_failing_handler_tells_no_secret(
    ear: Ear, simulator: Simulator, options: dict[str, Any], style: Style
) -> None:
    client = Client(**options)

    @client.on_message
    @style
    def handler(message: BotMessage) -> None:
        message.reply(text(" "))
        raise RuntimeError(f"no use for {message!r}")

    @client.on_card
    @style
    def respond(action: Delivery) -> Any:
        return RESPONSE

    def check() -> None:
        simulator.push("message", clientId="ding-marked", text="planted-text")
        simulator.push("card", clientId="ding-marked", actionIds=["planted-action"])
        assert {answer["code"] for answer in simulator.records(2, kind="answer")} == {500}

    with_client(client, check)
    ear.check(
        *("the handler of a delivery of kind message", "RuntimeError: no use for", "nobody looked at the error"),
        *("a response of type set is not JSON", "Message"),
    )


def test_a_loop_tells_no_secret(ear: Ear, simulator: Simulator, options: dict[str, Any]) -> None:
    client = Client(**options)
    begun = asyncio.Event()

    async def send(message: BotMessage) -> None:
        await message.reply(text(SAID))

    @client.on_message
    async def handler(message: BotMessage) -> None:
        task = asyncio.create_task(send(message))
        ear.hear(task, asyncio.current_task(), *asyncio.all_tasks())
        with pytest.raises(dingstream.RejectedError) as raised:
            await message.reply(text(SAID))
        ear.error(raised.value)
        begun.set()
        # What it was is told by the loop, because nobody looks at it.
        await asyncio.wait([task])
        del task

    async def main() -> None:
        async with client:
            pushed = await in_thread(simulator.push, "message", clientId="ding-marked", text="planted-text")
            await begun.wait()
            await in_thread(simulator.answer, pushed)
        gc.collect()

    simulator.post("break", what="webhook", errcode=310000, errmsg="sign not match")
    asyncio.run(asyncio.wait_for(main(), DEADLINE))
    ear.check("<Task pending", "RejectedError", "Task exception was never retrieved", "sign not match")


def test_a_card_tells_no_text(ear: Ear, simulator: Simulator, options: dict[str, Any]) -> None:
    client = Client(**options)
    # Named, because a traceback shows the lines of this file too.
    card, told = Card("markdown", {"markdown": SAID}, spaces=[Space.group("cid1==")]), {"planted": object()}
    session = client.card(Space.group("cid1=="), SAID, fallback=SAID, data={"msgTitle": SAID})
    session.push(SAID)
    session.button(SAID, id=SAID)
    ear.hear(card, card._native, session, CardResponse({"a": SAID}), DynamicData({"a": SAID}))
    ear.hear(session.finish())
    ear.refusal(dingstream.AnsweredError, session.finish())
    simulator.post("break", what="PUT /v1.0/card/instances", code="param.templateUnpublished")
    ear.refusal(Error, client.card_update("t-1", {"a": SAID}))
    simulator.post("break", what="POST /v1.0/card/callbacks/register", status=502, body="<html>planted")
    ear.refusal(Error, client.card_register_callback("r", "https://e", ROUTE_SECRET))
    with pytest.raises(TypeError) as wrong:
        client.card_register_callback(7, "https://e", ROUTE_SECRET)  # type: ignore[arg-type]
    ear.error(wrong.value)
    for refused in (lambda: CardResponse(told), lambda: session.value("a", told), lambda: session.push(SAID)):
        with pytest.raises(Error) as raised:
            refused()
        ear.error(raised.value)
    ear.check("Card(dingstream-", "CardSession()", "card session has ended", "not published", "a value of type")


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("proxy", {"proxy": "http://planted-user:planted-password@host:port"}),
    ("proxy", {"proxy": "gopher://planted-user:planted-password@host:1"}),
    ("api_proxy", {"api_proxy": "planted-password"}),
    ("proxy takes", {"proxy": ["planted"]}),
    ("the endpoint is no", {"endpoint": "http://planted-user:planted@host:port"}),
    ("client_secret takes", {"client_secret": ["planted"]}),
    ("extras takes", {"extras": {"planted": 1}}),
    ("an option has a value of type object", {"extras": {"planted": object()}}),
    ("workers takes", {"workers": 0}),
    ("keys must be", {"extras": {(1,): "planted"}}),
]


@pytest.mark.parametrize(("told", "wrong"), REFUSED)
def test_what_can_not_work_is_refused_without_its_secrets(
    ear: Ear, options: dict[str, Any], told: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises((Error, TypeError)) as raised:
        Client(**{**options, "proxy": PROXY, **wrong})
    ear.error(raised.value)
    ear.check(told, "_client.py")


def test_a_refused_start_tells_no_secret(ear: Ear, options: dict[str, Any]) -> None:
    client = Client(**{**options, "client_secret": "planted-wrong-secret"})
    client.on_message(lambda message: None)
    ear.refusal(dingstream.AuthError, client.start())
    ear.check("authFailed", "the endpoint refused the credential")


def test_a_proxy_is_told_without_its_password(ear: Ear, simulator: Simulator, options: dict[str, Any]) -> None:
    client = Client(**{**options, "proxy": PROXY})
    start = client.deliveries("message", "state")
    for change in start:
        ear.hear(change, change.data)
        if change.topic == "waiting":
            break
    ear.hear(client)
    client.stop(0)
    for change in start:
        ear.hear(change)
    client = Client(**{**options, "api_proxy": PROXY})
    replied: list[Error] = []

    @client.on_message
    def handler(message: BotMessage) -> None:
        with pytest.raises(dingstream.NetworkError) as raised:
            message.reply(text(SAID)).wait(DEADLINE)
        replied.append(raised.value)

    with client:
        simulator.answer(simulator.push("message", clientId="ding-marked", text="planted"))
    ear.error(replied[0])
    ear.check("no connection (try 1", "proxy", "NetworkError")


def test_an_uncaught_error_shows_no_secret(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY", PROXY)
    monkeypatch.setenv("SECRET", "planted-wrong-secret")
    make = "import os\nclient = Client('ding-demo', os.environ['SECRET'], log_level='trace'"
    uncaught = {
        f"{make}, proxy=os.environ['PROXY'] + 'x')": "ConfigError",
        f"{make})\nclient.on_message(print)\nclient.run()": "AuthError",
        f"{make})\nasync def handle(message): ...\nclient.on_message(handle)\nclient.run()": "AuthError",
    }
    for source, name in uncaught.items():
        code, out, err = ended(program(source, simulator))
        assert (code, out) == (1, "")
        assert f"dingstream.errors.{name}: " in err
        assert MARK not in err
