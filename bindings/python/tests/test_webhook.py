"""The custom robot, which needs no client."""

from __future__ import annotations

import asyncio
import itertools
import logging
import traceback
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, ROOT, Simulator, ended, program
from dingstream import Webhook, text

Robot = Callable[..., str]
_names = (f"planted-{number}" for number in itertools.count())


@pytest.fixture
def robot(simulator: Simulator) -> Robot:
    """Makes a robot and gives its address. The limit outlives a webhook, so each has a name of its own."""

    def make(**rules: Any) -> str:
        name = next(_names)
        simulator.post("robots", accessToken=name, **rules)
        return f"{simulator.url}/robot/send?access_token={name}"

    return make


def test_a_message_is_signed_and_shown(simulator: Simulator, robot: Robot) -> None:
    webhook = Webhook(robot(secret="SEC1"), "SEC1")
    assert webhook.send(text("disk full", at_mobiles=["138"])).wait(DEADLINE) == {"sent": 1}
    (shown,) = simulator.records(kind="robot")
    assert (shown["signed"], shown["body"]["at"]["atMobiles"]) == (True, ["138"])


def test_a_loop_awaits_it(robot: Robot) -> None:
    async def main() -> None:
        webhook = Webhook(robot(), overflow="digest", too_long="split", request_timeout_ms=5000)
        sent = await asyncio.gather(*(_awaited(webhook.send(text(f"{index}"))) for index in range(3)))
        assert sum(told.get("sent", 0) for told in sent) >= 1
        assert await webhook.flush(DEADLINE) == {"left": 0}

    asyncio.run(asyncio.wait_for(main(), DEADLINE))


async def _awaited(call: dingstream.Call) -> Any:
    return await call


def test_what_overflows_is_refused_or_left(robot: Robot) -> None:
    dropping = Webhook(robot(), overflow="drop")
    for _ in range(20):
        dropping.send(text("x")).wait(DEADLINE)
    with pytest.raises(dingstream.ThrottledError, match="twenty messages in this minute"):
        dropping.send(text("x")).wait(DEADLINE)
    waiting = Webhook(robot())
    for _ in range(20):
        waiting.send(text("x")).wait(DEADLINE)
    left = waiting.send(text("x"))
    assert waiting.flush(0.1).wait(DEADLINE) == {"left": 1}
    left.cancel()


def test_several_robots_take_turns(simulator: Simulator, robot: Robot) -> None:
    webhook = Webhook((robot(), robot()), overflow="rotate")
    for call in [webhook.send(text("x")) for _ in range(21)]:
        call.wait(DEADLINE)
    assert repr(webhook) == "Webhook(2 robots)"


def test_what_can_not_work_is_refused_at_once() -> None:
    refusals: dict[str, dict[str, Any]] = {
        "url is empty": {"url": " "},
        "address": {"url": "planted"},
        "there is no option": {"url": "https://h/robot/send?access_token=planted", "colour": 1},
        "overflow takes one of": {"url": "https://h/robot/send?access_token=planted", "overflow": "planted"},
        "a value of type object": {"url": "https://h/robot/send?access_token=planted", "proxy": object()},
    }
    for sentence, options in refusals.items():
        with pytest.raises(dingstream.ConfigError, match=sentence) as raised:
            Webhook(secret="planted-secret", **options)
        told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
        ours = [frame for frame in told.stack if "/dingstream/" in frame.filename]
        assert "planted" not in f"{raised.value!r}{[frame.locals for frame in ours]}"


def test_no_secret_is_told(simulator: Simulator, robot: Robot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    records: SimpleQueue[str] = SimpleQueue()
    heard = logging.Handler()
    heard.emit = lambda record: records.put(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("dingstream").addHandler(heard)
    webhook = Webhook(robot(secret="SEC1"), "planted-secret", log_level="trace")
    with pytest.raises(dingstream.ForbiddenError) as raised:
        webhook.send(text("planted-text")).wait(DEADLINE)
    error = raised.value
    assert (error.platform_code, error.stage) == ("310000", "webhook")
    # Nobody looks at this one, so a thread of the package tells it.
    webhook.send(text("planted-text"))
    while "nobody looked at the error of webhook" not in records.get(timeout=DEADLINE):
        pass
    logging.getLogger("dingstream").removeHandler(heard)
    assert repr(webhook) == "Webhook(1 robot)"
    assert "planted" not in f"{error!r}{error}{vars(error)}{webhook!r}{vars(webhook)}{caplog.text}"


FORKING = """
import os
webhook = Webhook({url!r})
webhook.send(text("parent")).wait(9)
client.send(text("parent"), users=["u1"]).wait(9)
if os.fork() == 0:
    for call in (lambda: webhook.send(text("x")).wait(9), lambda: client.send(text("x"), users=["u1"]).wait(9)):
        try:
            call()
        except ForkedError as error:
            print(error.kind, flush=True)
    print(Webhook({url!r}).send(text("child")).wait(9), flush=True)
    os._exit(0)
os.wait()
"""


def test_a_forked_child_makes_its_own(simulator: Simulator, robot: Robot) -> None:
    code, out, err = ended(program(FORKING.format(url=robot()), simulator))
    assert (code, out, err) == (0, "forked\nforked\n{'sent': 1}\n", "")


def test_the_example_tells_its_alerts(simulator: Simulator, robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGTALK_WEBHOOK", robot(secret="SEC1"))
    monkeypatch.setenv("DINGTALK_WEBHOOK_SECRET", "SEC1")
    assert ended(program((ROOT / "examples/alert.py").read_text(), simulator)) == (0, "", "")
    assert "disk full on db-" in str(simulator.records(kind="robot")[0]["body"])
