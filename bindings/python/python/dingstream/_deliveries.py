"""The iterator style: the application asks for one delivery after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from ._call import Call
from ._dingstream import Delivery, Done, Log, Queue
from ._feed import BATCH, SLICE, Feed
from ._log import tell
from .errors import ClosedError
from .views import StateChange


class Deliveries:
    """What arrives, one after the other: `async for`, or a plain `for` where no event loop runs.

    Iterating starts the client and ends when it has stopped. Asking for the next delivery settles the one before as
    `ok`, unless it was settled or taken.
    """

    def __init__(self, start: Callable[[], Call], queue: Queue, *, states: bool) -> None:
        self._start_client = start
        self._queue = queue
        self._states = states
        self._start: Call | None = None
        self._feed: Feed | None = None
        self._waiting: deque[Delivery] = deque()
        self._before: Delivery | None = None
        self._stopped = False
        self._idle: asyncio.Future[None] | None = None

    def __iter__(self) -> Deliveries:
        return self

    def __next__(self) -> Delivery:
        start = self._go_on()
        while not self._waiting and not self._stopped:
            self._handle(self._queue.take(BATCH, SLICE) or [])
        if self._waiting:
            return self._next()
        self._end()
        # Stopped before the first connection: no failure.
        with suppress(ClosedError):
            start.wait()
        raise StopIteration

    def __aiter__(self) -> Deliveries:
        return self

    async def __anext__(self) -> Delivery:
        start = self._go_on()
        if self._feed is None or self._feed.is_dead:
            self._feed = Feed(asyncio.get_running_loop(), self._queue, self._handle)
        while not self._waiting and not self._stopped:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle
        if self._waiting:
            return self._next()
        self._end()
        with suppress(ClosedError):
            await start
        raise StopAsyncIteration

    def _go_on(self) -> Call:
        before, self._before = self._before, None
        if before is not None:
            before._finish()
        if self._start is None:
            self._start, self._stopped = self._start_client(), False
        return self._start

    def _next(self) -> Delivery:
        self._before = self._waiting.popleft()
        return self._before

    def _end(self) -> None:
        self._start = None
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def _handle(self, items: list[Delivery | Done | Log]) -> None:
        for item in items:
            if isinstance(item, Log):
                tell(item)
            elif isinstance(item, StateChange):
                self._stopped = item.topic == "stopped"
                if self._states:
                    self._waiting.append(item)
            elif isinstance(item, Delivery):
                self._waiting.append(item)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)
