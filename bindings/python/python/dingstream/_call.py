"""An operation under way towards DingTalk."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
import weakref
from collections.abc import Callable, Generator
from typing import Any, ClassVar, cast

from . import _dingstream
from ._dingstream import Delivery, Done, Log, Queue
from ._feed import SLICE, Feed
from .errors import ReentrantError, TimeoutError


class Call:
    """An operation, started when it is made. It can be awaited, waited for, or left alone.

    Dropping a call forgets the result, not the operation; an error that nobody looks at is logged.
    """

    __slots__ = ("__weakref__", "_future", "_is_inside", "_native")

    def __init__(self, native: _dingstream.Call) -> None:
        self._native = native
        self._future: asyncio.Future[str] | None = None
        self._is_inside: Callable[[], bool] | None = None

    @property
    def operation(self) -> str:
        """The name of the operation: `reply`, `start`, `stop` …"""
        return self._native.operation

    def __await__(self) -> Generator[Any, None, dict[str, Any]]:
        self._refuse_inside()
        text = self._native.wait(0)
        if text is None:
            text = yield from self._ending()
        return cast("dict[str, Any]", json.loads(text))

    def wait(self, timeout: float | None = None) -> dict[str, Any]:
        """Blocks until the operation is over and gives what it brought; for code that no event loop runs.

        Raises `TimeoutError` where it is not over within `timeout` seconds.
        """
        self._refuse_inside()
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            # In slices, so that a signal such as Ctrl-C is heard.
            left = SLICE if deadline is None else min(SLICE, max(0.0, deadline - time.monotonic()))
            text = self._native.wait(left)
            if text is not None:
                return cast("dict[str, Any]", json.loads(text))
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError(
                    f"{self.operation} is not over after {timeout} s",
                    hint="it goes on: wait again, or cancel it",
                    stage=f"call:{self.operation}",
                    retryable=True,
                )

    def cancel(self) -> None:
        """Ends the call as cancelled, unless it is over. What was already sent to DingTalk stays sent."""
        self._native.cancel()

    def __repr__(self) -> str:
        return f"Call({self.operation})"

    def _ending(self) -> Generator[Any, None, str]:
        loop = asyncio.get_running_loop()
        if self._future is None or self._future.get_loop() is not loop:
            self._future = Endings.of(loop).future(loop, self._native)
        try:
            return (yield from self._future)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def _refuse_inside(self) -> None:
        if self._is_inside is not None and self._is_inside():
            raise ReentrantError(
                "a handler waits for the stop that waits for this handler",
                hint="call stop without waiting for it, and return",
                stage=f"call:{self.operation}",
            )


class Endings:
    """The calls that are awaited in one loop: one queue and one wake for all of them."""

    _of_loop: ClassVar[weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Endings]] = weakref.WeakKeyDictionary()

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._queue = Queue()
        self._futures: dict[int, asyncio.Future[str]] = {}
        self._tags = itertools.count()
        self._feed = Feed(loop, self._queue, self._handle)

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> Endings:
        endings = cls._of_loop.get(loop)
        if endings is None:
            endings = cls._of_loop[loop] = cls(loop)
        return endings

    def future(self, loop: asyncio.AbstractEventLoop, call: _dingstream.Call) -> asyncio.Future[str]:
        tag = next(self._tags)
        future = self._futures[tag] = loop.create_future()
        call.to_queue(self._queue, tag)
        return future

    def _handle(self, items: list[Delivery | Done | Log]) -> None:
        for done in items:
            assert isinstance(done, Done)
            future = self._futures.pop(done.tag)
            if future.done():
                continue
            try:
                future.set_result(done.outcome())
            except Exception as error:
                future.set_exception(error)


# A forked child inherits the loop's memory but none of the library's threads.
os.register_at_fork(after_in_child=Endings._of_loop.clear)
