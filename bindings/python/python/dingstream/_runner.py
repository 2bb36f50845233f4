"""Runs the handlers of a client in an asyncio loop."""

from __future__ import annotations

import asyncio
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import Context, copy_context
from typing import Any, cast

from ._dingstream import Delivery, Done, Log, Queue
from ._feed import Feed
from ._handlers import Handler, Handlers
from ._log import tell
from ._settle import fail, failed, finish, unhandled
from ._workers import Pool, run
from .views import StateChange

Rest = Awaitable[Any]
"""What a coroutine still does."""


class Runner:
    """Takes what arrives and runs each handler at once, up to where it first waits for something.

    A task takes one delivery after the other. Where a handler suspends, that task becomes the handler's own and others
    go on: a handler that never suspends costs no task, and `asyncio.current_task()` is right in every one.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        queue: Queue,
        handlers: Handlers,
        workers: int,
        ended: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._handlers = handlers
        self._ended = ended
        plain = any(not handler.is_async for handler in handlers.all() if handler is not handlers.state)
        self._pool = Pool(workers) if plain else None
        self._waiting: deque[Delivery] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        """A loop holds its tasks weakly."""
        self._ready = 0
        """How many tasks are about to take."""
        self._idle: asyncio.Future[None] | None = None
        """What one task waits for where nothing is to be done."""
        self._closed = False
        self._feed = Feed(loop, queue, self._handle)

    def is_inside(self) -> bool:
        """Whether the caller is one of the handlers."""
        try:
            task = asyncio.current_task()
        except RuntimeError:
            return self._pool is not None and self._pool.is_inside()
        return task in self._tasks

    @property
    def is_dead(self) -> bool:
        return self._feed.is_dead

    def close(self) -> None:
        self._feed.close()
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        if self._pool is not None:
            self._pool.close()

    def _handle(self, items: list[Delivery | Done | Log]) -> None:
        for item in items:
            if isinstance(item, Delivery):
                self._waiting.append(item)
            elif isinstance(item, Log):
                tell(item)
        if self._waiting:
            self._take_with(1)

    def _take_with(self, count: int) -> None:
        """Sees to it that so many tasks are about to take."""
        if self._idle is not None and self._ready < count:
            self._idle.set_result(None)
            self._idle = None
            self._ready += 1
        while self._ready < count:
            self._tasks.add(self._loop.create_task(self._take()))
            self._ready += 1

    async def _take(self) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        try:
            while True:
                self._ready -= 1
                while self._waiting:
                    suspended = self._hand_over(self._waiting.popleft())
                    if suspended is not None:
                        # This task is the handler's now. Where one suspends, the next ones will too.
                        self._take_with(len(self._waiting))
                        await self._go_on(*suspended)
                        return
                if self._closed or self._idle is not None:
                    return
                self._idle = self._loop.create_future()
                await self._idle
        finally:
            self._tasks.discard(task)

    def _hand_over(self, delivery: Delivery) -> tuple[Rest, Delivery] | None:
        handler = self._handlers.find(delivery)
        if type(delivery) is StateChange:
            return self._tell_state(delivery, handler)
        if handler is None:
            unhandled(delivery)
        elif handler.is_async:
            return self._begin(handler, delivery)
        else:
            assert self._pool is not None
            self._pool.put(handler, delivery)
        return None

    def _tell_state(self, delivery: StateChange, handler: Handler | None) -> tuple[Rest, Delivery] | None:
        """A state is told where it is taken, so that states come in their order."""
        suspended = None
        if handler is not None and handler.is_async:
            suspended = self._begin(handler, delivery)
        elif handler is not None:
            run(handler, delivery, copy_context())
        if delivery.topic == "stopped":
            self._ended()
        return suspended

    def _begin(self, handler: Handler, delivery: Delivery) -> tuple[Rest, Delivery] | None:
        """Runs a coroutine in a context of its own until it ends or suspends; gives the rest."""
        context = copy_context()
        try:
            coroutine = handler.function(delivery)
            waited_for = context.run(coroutine.send, None)
        except StopIteration as stop:
            finish(delivery, stop.value)
        except (Exception, asyncio.CancelledError):
            failed(delivery)
        except BaseException:
            fail(delivery)
            raise
        else:
            return _rest(coroutine, context, waited_for), delivery
        return None

    async def _go_on(self, rest: Rest, delivery: Delivery) -> None:
        try:
            returned = await rest
        except Exception:
            failed(delivery)
        except BaseException:
            fail(delivery)
            raise
        else:
            finish(delivery, returned)


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, Any], context: Context, waited_for: Any) -> Generator[Any, Any, Any]:
    """What a suspended coroutine still does, in its context."""
    while True:
        try:
            value = yield waited_for
        except BaseException as error:
            step: Callable[..., Any] = coroutine.throw
            argument: Any = error
        else:
            step, argument = coroutine.send, value
        try:
            waited_for = context.run(step, argument)
        except StopIteration as stop:
            return stop.value
