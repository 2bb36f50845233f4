"""The end of the process: clients that still run or write are stopped, and no thread is left inside the library."""

from __future__ import annotations

import atexit
import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from ._dingstream import end
from .errors import Error

if TYPE_CHECKING:
    from ._speaker import Speaker

_GOODBYE = 1.0
"""How long a client that nobody takes from any more has for its farewell, in seconds."""

_running: set[weakref.ref[Speaker]] = set()


def add(client: Speaker) -> None:
    """Remembers a client that was started, or that opened a card."""
    _running.add(weakref.ref(client, _running.discard))


def discard(client: Speaker) -> None:
    _running.discard(weakref.ref(client))


@atexit.register
def _stop_all() -> None:
    clients = [client for client in (reference() for reference in _running.copy()) if client is not None]
    stopping = [(client, client._stop_at_exit(_GOODBYE)) for client in clients]
    for client, call in stopping:
        with suppress(Error):
            call.wait(client._native.stop_deadline + _GOODBYE)
    end()


# A forked child has the clients' memory but not their threads: they are its parent's to stop.
os.register_at_fork(after_in_child=_running.clear)
