from __future__ import annotations

import asyncio
import functools
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from dingstream import Client

ROOT = Path(__file__).resolve().parents[3]
DEADLINE = 20
"""How long a test waits for what it claims, in seconds."""

PATIENT = {"answer_within_card_ms": 3_600_000, "answer_within_event_ms": 3_600_000}
"""For clients whose test is not about lateness: on a slow machine the library would answer before the handler does."""


Style = Callable[[Callable[[Any], Any]], Callable[[Any], Any]]
"""What makes a handler, as a coroutine function or a plain one, from a plain function."""


class Simulator:
    """The local DingTalk, in a process of its own."""

    def __init__(self) -> None:
        binary = os.environ.get("SIMULATOR", str(ROOT / "target" / "debug" / "dingstream-simulator"))
        self.process = subprocess.Popen(
            [binary, "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        ready = json.loads(self.process.stdout.readline())
        self.url: str = ready["url"]
        self._control: str = ready["control"]
        self._next = 0
        # Loopback is never asked of a proxy.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(DEADLINE)

    def reset(self) -> None:
        self.post("reset")
        self._next = self._get("records")["next"]

    def post(self, path: str, /, **order: Any) -> Any:
        request = urllib.request.Request(
            self._control + path, json.dumps(order).encode(), {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=DEADLINE) as answer:
            return json.load(answer)

    def push(self, kind: str, **order: Any) -> Any:
        return self.post("push", kind=kind, **order)

    def records(self, count: int = 1, **query: str) -> list[Any]:
        """That many records of this test that fit, as soon as they are there."""
        found: list[Any] = self._get("records", count=count, wait=DEADLINE * 1000, since=self._next, **query)["records"]
        assert len(found) >= count, f"{len(found)} of {count} records of {query} in time"
        return found

    def answer(self, pushed: Any) -> Any:
        """The answer to what was pushed."""
        return self.records(kind="answer", messageId=pushed["messageId"])[0]

    def cards(self) -> list[Any]:
        """Every card, and what people see of it."""
        return list(self._get("cards")["cards"])

    def ended_cards(self, count: int = 1) -> list[Any]:
        """All cards, as soon as that many have ended."""
        while True:
            known = len(self.records(0, kind="card"))
            cards = self.cards()
            if sum(card["state"] in ("finished", "failed") for card in cards) >= count:
                return cards
            self.records(known + 1, kind="card")

    def _get(self, path: str, **query: Any) -> Any:
        with self._opener.open(
            f"{self._control}{path}?{urllib.parse.urlencode(query)}", timeout=DEADLINE + 5
        ) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    simulator = Simulator()
    yield simulator
    simulator.close()


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    running_simulator.reset()
    return running_simulator


@pytest.fixture(params=["async", "plain"])
def style(request: pytest.FixtureRequest) -> Style:

    def plain(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return function

    def coroutine(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        async def handler(delivery: Any) -> Any:
            return function(delivery)

        return handler

    return plain if request.param == "plain" else coroutine


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    """A client of the simulator that answers messages when they are settled."""
    made = make_client(simulator)
    yield made
    made.stop(0).wait(DEADLINE)


def make_client(simulator: Simulator, client_secret: str = "demo-secret", **options: Any) -> Client:
    options = {"endpoint": simulator.url, "answer_message": "on_completion", **PATIENT, **options}
    return Client("ding-demo", client_secret, **options)


def until(is_so: Callable[[], bool]) -> None:
    """Waits for what nothing tells of."""
    deadline = time.monotonic() + DEADLINE
    while not is_so():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.002)


def with_client(client: Client, check: Callable[[], Any]) -> Any:
    """Runs `check` beside the client, in a loop, as programs do."""

    async def main() -> Any:
        async with client:
            return await in_thread(check)

    return asyncio.run(asyncio.wait_for(main(), DEADLINE))


async def in_thread(function: Any, *arguments: Any, **keywords: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(function, *arguments, **keywords))


def program(source: str, simulator: Simulator, options: str = "") -> subprocess.Popen[str]:
    """A Python program of its own, with a client of the simulator in it."""
    head = f"from dingstream import *\nclient = Client('ding-demo', 'demo-secret', **{PATIENT}, {options})\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + source],
        env={**os.environ, "DINGSTREAM_ENDPOINT": simulator.url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shown(card: Any) -> tuple[str, str]:
    """The text and the state of an AI card."""
    return card["spaces"][0]["params"]["msgContent"], card["state"]


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=DEADLINE)
    return process.returncode, out, err
