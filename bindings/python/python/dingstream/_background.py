"""The log of what has no client: nobody takes it from a queue, so a thread of this package does."""

from __future__ import annotations

import atexit
import os
import threading

from ._dingstream import Log, Queue
from ._feed import BATCH
from ._log import tell

_PATIENCE = 3600.0

_lock = threading.Lock()
_queue: Queue | None = None


def queue() -> Queue:
    """The queue that it comes through."""
    global _queue
    with _lock:
        if _queue is None:
            _queue = Queue()
            threading.Thread(target=_tell_all, args=(_queue,), name="dingstream-log", daemon=True).start()
        return _queue


def _tell_all(queue: Queue) -> None:
    while _tell(queue, _PATIENCE):
        pass


def _tell(queue: Queue, seconds: float) -> bool:
    items = queue.take(BATCH, seconds)
    for item in items or ():
        if isinstance(item, Log):
            tell(item)
    return items is not None


@atexit.register
def _tell_the_rest() -> None:
    """What the thread has not come to when the interpreter ends."""
    if _queue is not None:
        _queue.close()
        _tell(_queue, 0)


def _forget() -> None:
    """A forked child has the memory of this, but not the thread."""
    global _lock, _queue
    _lock, _queue = threading.Lock(), None


os.register_at_fork(after_in_child=_forget)
