"""Calls are awaited or waited for, and every error has its class."""

from __future__ import annotations

import asyncio
import builtins
import copy
import pickle
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator, make_client, until
from dingstream import BotMessage, Client, Error, errors, markdown, text


@contextmanager
def a_message(client: Client, simulator: Simulator, **order: Any) -> Iterator[BotMessage]:
    """A message that waits for its reply."""
    for delivery in client.deliveries("message", "state"):
        if delivery.topic == "open":
            simulator.push("message", text="hi", **order)
        if isinstance(delivery, BotMessage):
            yield delivery
            client.stop(0)


def test_a_reply_can_be_waited_for(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:
        assert message.reply(markdown("t", "**x**", at_mobiles=["138"])).wait(DEADLINE) == {"via": "session"}
    (reply,) = simulator.records(kind="reply")
    assert reply["body"]["markdown"]["title"] == "t"
    assert reply["body"]["at"]["atMobiles"] == ["138"]


def test_a_reply_can_be_awaited_again_and_by_several(client: Client, simulator: Simulator) -> None:
    with a_message(client, simulator) as message:

        async def main() -> None:
            call = message.reply(text("x"))

            async def look() -> Any:
                return await call

            assert list(await asyncio.gather(look(), look())) == [{"via": "session"}] * 2
            assert await call == {"via": "session"}
            assert call.wait() == {"via": "session"}

        asyncio.run(asyncio.wait_for(main(), DEADLINE))


def test_an_error_that_nobody_looks_at_is_logged(
    client: Client, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    simulator.post("break", what="webhook", errcode=310000, errmsg="keywords not in content")
    with a_message(client, simulator) as message:
        message.reply(text("x"))
        simulator.records(kind="reply")
        # Or the stop might come before the answer, and a call that it cancels is no failure.
        until(lambda: client.stats()["failed_calls"] == 1)
    assert "nobody looked at the error of reply" in caplog.text


def test_waiting_runs_out_and_the_call_goes_on(client: Client, simulator: Simulator) -> None:
    simulator.post("break", what="webhook", delayMs=5000, times=1)
    with a_message(client, simulator) as message:
        call = message.reply(text("x"))
        with pytest.raises(builtins.TimeoutError, match="it goes on") as raised:
            call.wait(0.01)
        assert isinstance(raised.value, errors.TimeoutError)
        assert call.wait(DEADLINE) == {"via": "session"}


def test_cancelling_what_awaits_cancels_the_call(client: Client, simulator: Simulator) -> None:
    simulator.post("break", what="webhook", delayMs=DEADLINE * 1000)
    with a_message(client, simulator) as message:
        call = message.reply(text("x"))

        async def main() -> None:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(_awaited(call), 0.01)

        asyncio.run(main())
        with pytest.raises(dingstream.CancelledError):
            call.wait(DEADLINE)
    simulator.post("heal")


async def _awaited(call: dingstream.Call) -> Any:
    return await call


WEBHOOK = [
    ("expired", {"errcode": 300001}),
    ("throttled", {"errcode": 410100}),
    ("rejected", {"errcode": 310000}),
    ("protocol", {"html": True}),
]


@pytest.mark.parametrize(("kind", "broken"), WEBHOOK)
def test_a_refused_reply_has_its_class(client: Client, simulator: Simulator, kind: str, broken: Any) -> None:
    simulator.post("break", what="webhook", **broken)
    with a_message(client, simulator) as message, pytest.raises(Error) as raised:
        message.reply(text("x"), via="session").wait(DEADLINE)
    error = raised.value
    assert type(error) is getattr(dingstream, f"{kind.title()}Error")
    assert (error.kind, error.stage) == (kind, "call:reply")
    assert error.platform_code == str(broken.get("errcode", ""))


def test_a_network_that_is_not_there_is_told(client: Client, simulator: Simulator) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        webhook = {"sessionWebhook": f"http://127.0.0.1:{nobody.getsockname()[1]}/x"}
        with a_message(client, simulator, data=webhook) as message, pytest.raises(dingstream.NetworkError) as raised:
            message.reply(text("x")).wait(DEADLINE)
    assert raised.value.retryable


def test_a_side_that_does_not_speak_tls_is_told(client: Client, simulator: Simulator) -> None:
    webhook = {"sessionWebhook": simulator.url.replace("http://", "https://") + "/x"}
    with (
        a_message(client, simulator, data=webhook) as message,
        pytest.raises((dingstream.TlsError, dingstream.NetworkError)),
    ):
        message.reply(text("x")).wait(DEADLINE)


def test_an_answer_that_does_not_come_is_a_timeout(simulator: Simulator) -> None:
    client = make_client(simulator, request_timeout_ms=50)
    simulator.post("break", what="webhook", delayMs=DEADLINE * 1000)
    with a_message(client, simulator) as message, pytest.raises(builtins.TimeoutError):
        message.reply(text("x")).wait(DEADLINE)
    simulator.post("heal")


def test_a_message_from_nowhere_can_not_be_replied_to(client: Client, simulator: Simulator) -> None:
    with (
        a_message(client, simulator, data={"sessionWebhook": None, "senderStaffId": None}) as message,
        pytest.raises(dingstream.NotFoundError),
    ):
        message.reply(text("x")).wait(DEADLINE)


def test_an_empty_message_is_refused_before_it_is_sent(client: Client, simulator: Simulator) -> None:
    with (
        a_message(client, simulator) as message,
        pytest.raises(dingstream.ArgumentError, match="content of the text message is empty"),
    ):
        message.reply(text(" ")).wait(DEADLINE)


def test_a_wrong_secret_is_an_auth_error(simulator: Simulator) -> None:
    client = make_client(simulator, "wrong-secret")
    client.on_message(lambda message: None)
    with pytest.raises(dingstream.AuthError) as raised:
        client.start().wait(DEADLINE)
    error = raised.value
    assert (error.http_status, error.platform_code, error.retryable) == (401, "authFailed", False)
    assert error.hint in str(error)
    assert "wrong-secret" not in f"{error!r}{error}{error.__dict__}"


def test_a_start_that_is_stopped_is_closed(simulator: Simulator) -> None:
    simulator.post("break", what="open", delayMs=DEADLINE * 1000)
    client = make_client(simulator)
    client.on_message(lambda message: None)
    start = client.start()
    client.stop(0).wait(DEADLINE)
    with pytest.raises(dingstream.ClosedError):
        start.wait(DEADLINE)
    simulator.post("heal")


def test_what_can_not_work_is_refused_at_once(simulator: Simulator) -> None:
    refusals: dict[str, Callable[[], Client]] = {
        "client_secret is empty": lambda: make_client(simulator, " "),
        "there is no option": lambda: make_client(simulator, colour=1),
        "open_timeout_ms takes": lambda: make_client(simulator, open_timeout_ms="soon"),
        "workers takes": lambda: make_client(simulator, workers=0),
        "a value of type object": lambda: make_client(simulator, ua=object()),
    }
    for sentence, refused in refusals.items():
        with pytest.raises(dingstream.ConfigError, match=sentence):
            refused()
    with pytest.raises(dingstream.ConfigError, match="nothing is subscribed"):
        make_client(simulator).run()


def test_an_argument_that_can_not_be_is_named(client: Client) -> None:
    with pytest.raises(dingstream.ArgumentError, match="the kinds are message, card"):
        client.deliveries("poem")  # type: ignore[arg-type]
    with pytest.raises(dingstream.ArgumentError, match="content of the text message takes a text"):
        text(7)  # type: ignore[arg-type]


def test_an_error_survives_copying_and_pickling() -> None:
    error = dingstream.RejectedError("refused", hint="look it up", platform_code="310000")
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(twin), str(twin), twin.platform_code) == (type(error), "refused: look it up", "310000")


def test_a_message_shows_its_type_alone() -> None:
    assert repr(text("private")) == "Message(text)"
    assert text("a") == text("a")
    assert text("a") != text("b")
