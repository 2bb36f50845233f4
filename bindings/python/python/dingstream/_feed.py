"""What a queue brings, handed to an asyncio loop a batch a turn."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable

from ._dingstream import Delivery, Done, Log, Queue

BATCH = 64
"""How many items are handled before the loop gets its turn."""

SLICE = 0.2
"""How long a thread waits before it looks whether it is still wanted, in seconds."""


class Feed:
    """Calls `handle` in the loop with what the queue brings, until it is closed."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, queue: Queue, handle: Callable[[list[Delivery | Done | Log]], None]
    ) -> None:
        self._loop = weakref.ref(loop)
        self._queue = queue
        self._handle = handle
        self._closed = False
        self._descriptor: int | None = queue.wake_handle()
        try:
            loop.add_reader(self._descriptor, self._readable)
        except NotImplementedError:
            self._descriptor = None
            threading.Thread(target=self._wait, name="dingstream-wait", daemon=True).start()

    @property
    def is_dead(self) -> bool:
        """Whether its loop is gone, so that nothing is handled any more."""
        loop = self._loop()
        return loop is None or loop.is_closed()

    def close(self) -> None:
        loop = self._loop()
        if self._descriptor is not None and loop is not None and not loop.is_closed():
            loop.remove_reader(self._descriptor)
        self._closed = True

    def _readable(self) -> None:
        items = self._queue.take(BATCH)
        if items:
            self._handle(items)

    def _wait(self) -> None:
        """For a loop that can't wait for a descriptor: a thread waits, and wakes the loop once a batch."""
        while not self._closed and self._pass_on(self._queue.take(BATCH, SLICE)):
            pass

    def _pass_on(self, items: list[Delivery | Done | Log] | None) -> bool:
        loop = self._loop()
        if items is None or loop is None or loop.is_closed():
            return False
        try:
            if items:
                loop.call_soon_threadsafe(self._handle, items)
        except RuntimeError:
            # The loop was closed in between; what was taken is declined.
            return False
        return True
