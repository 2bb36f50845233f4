"""SIGINT and SIGTERM while a client runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_stops: list[Callable[[], object]] = []
"""Those that run; the first one installs the handlers and the last one restores what was there before."""
_before: dict[int, Any] = {}


@contextmanager
def ending_with(stop: Callable[[], object]) -> Iterator[None]:
    """Calls `stop` at SIGINT and SIGTERM; outside the main thread, which alone hears signals, it does nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not _stops:
        _before.update({number: signal.signal(number, _asked_to_end) for number in (signal.SIGINT, signal.SIGTERM)})
    _stops.append(stop)
    try:
        yield
    finally:
        _stops.remove(stop)
        if not _stops:
            for number, handler in _before.items():
                # A handler that was not installed from Python can't be told again from Python.
                signal.signal(number, signal.SIG_DFL if handler is None else handler)


def _asked_to_end(_number: int, _frame: FrameType | None) -> None:
    for stop in _stops:
        stop()
