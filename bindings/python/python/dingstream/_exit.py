"""The end of the process: clients that still run are stopped, so that no thread is inside the library by then."""

from __future__ import annotations

import atexit
import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

from .errors import Error

if TYPE_CHECKING:
    from ._client import Client

running: weakref.WeakSet[Client] = weakref.WeakSet()
"""The clients that were started."""

_GOODBYE = 1.0
"""How long a client that nobody takes from any more has for its farewell, in seconds."""


@atexit.register
def _stop_all() -> None:
    stopping = [(client, client._stop_at_exit(_GOODBYE)) for client in running]
    for client, call in stopping:
        with suppress(Error):
            call.wait(client.stop_deadline + _GOODBYE)
        client._queue.close()


# A forked child has the clients' memory but not their threads: they are its parent's to stop.
os.register_at_fork(after_in_child=running.clear)
