"""SIGINT and SIGTERM while a client runs."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

_stops: list[Callable[[], object]] = []
"""Those that run; what the first one installs is taken away after the last one."""
_installed = ExitStack()


@contextmanager
def ending_with(stop: Callable[[], object], loop: asyncio.AbstractEventLoop | None = None) -> Iterator[None]:
    """Calls `stop` at SIGINT and SIGTERM; outside the main thread, which alone hears signals, it does nothing.

    `loop` is the one that runs in this thread, if any.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not _stops:
        _installed.enter_context(_handlers())
        if loop is not None:
            _installed.enter_context(_waking(loop))
    _stops.append(stop)
    try:
        yield
    finally:
        _stops.remove(stop)
        if not _stops:
            _installed.close()


@contextmanager
def _handlers() -> Iterator[None]:
    before = {number: signal.signal(number, _asked_to_end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            # A handler that was not installed from Python can't be told again from Python.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


@contextmanager
def _waking(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Wakes the loop at a signal: one that comes just before it waits would be heard only at its next event."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        if before != -1:
            # Signals wake it already.
            signal.set_wakeup_fd(before)
            yield
            return
        loop.add_reader(reader, reader.recv, 4096)
        try:
            yield
        finally:
            loop.remove_reader(reader)
            after = signal.set_wakeup_fd(-1)
            if after != writer.fileno():
                # Whoever came meanwhile goes on.
                signal.set_wakeup_fd(after)


def _asked_to_end(_number: int, _frame: FrameType | None) -> None:
    for stop in _stops:
        stop()
