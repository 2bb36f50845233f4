"""Runs plain functions on threads."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextvars import Context, copy_context

from ._dingstream import Delivery, Log, Queue, Turns
from ._handlers import Handler, Handlers
from ._log import tell
from ._settle import failed, finish, unhandled
from .views import StateChange


def run(handler: Handler, delivery: Delivery, context: Context) -> None:
    """Runs a plain function to its end, in a context of its own."""
    try:
        returned = context.copy().run(handler.function, delivery)
    except BaseException:
        # SystemExit too: a thread has no program to end.
        failed(delivery)
    else:
        finish(delivery, returned)


class Crew:
    """Threads, and whether the caller is one of them."""

    def __init__(self, count: int, work: Callable[[int], None]) -> None:
        self._inside = threading.local()
        self.size = count
        for number in range(count):
            name = f"dingstream-worker-{number}"
            threading.Thread(target=self._run, args=(work, number), name=name, daemon=True).start()

    def _run(self, work: Callable[[int], None], number: int) -> None:
        self._inside.yes = True
        work(number)

    def is_inside(self) -> bool:
        return getattr(self._inside, "yes", False)


class Workers:
    """Threads that take from a client's queue themselves; where all handlers are plain functions."""

    def __init__(self, count: int, taken: Queue, handlers: Handlers, ended: Callable[[], None]) -> None:
        self._turns = Turns(taken)
        self._handlers = handlers
        self._ended = ended
        self._context = copy_context()
        self.is_inside = Crew(count, self._work).is_inside

    @property
    def is_dead(self) -> bool:
        return False

    def close(self) -> None:
        self._turns.close()

    def _work(self, number: int) -> None:
        while True:
            item = self._turns.next(number)
            if item is None:
                return
            if isinstance(item, Delivery):
                self._hand_over(item)
            elif isinstance(item, Log):
                tell(item)
            # Not held while waiting: what a handler left unsettled is declined now, not at the next delivery.
            del item

    def _hand_over(self, delivery: Delivery) -> None:
        handler = self._handlers.find(delivery)
        if handler is not None:
            run(handler, delivery, self._context)
        elif type(delivery) is not StateChange:
            unhandled(delivery)
        if type(delivery) is StateChange and delivery.topic == "stopped":
            self._ended()


class Pool:
    """Threads that are given the deliveries of plain functions, where a loop takes because other handlers are async."""

    def __init__(self, count: int) -> None:
        self._jobs: queue.SimpleQueue[tuple[Handler, Delivery] | None] = queue.SimpleQueue()
        self._context = copy_context()
        self._crew = Crew(count, self._work)
        self.is_inside = self._crew.is_inside

    def put(self, handler: Handler, delivery: Delivery) -> None:
        self._jobs.put((handler, delivery))

    def close(self) -> None:
        for _ in range(self._crew.size):
            self._jobs.put(None)

    def _work(self, _number: int) -> None:
        while True:
            job = self._jobs.get()
            if job is None:
                return
            run(*job, self._context)
            del job
