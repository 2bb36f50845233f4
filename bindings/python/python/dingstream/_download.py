"""A file that came with a message, on its way."""

from __future__ import annotations

import asyncio
import json
import math
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from . import _dingstream
from ._feed import SLICE
from .errors import TimeoutError


@dataclass(frozen=True)
class File:
    """A file that was downloaded."""

    name: str
    """Its name, with the ending that its bytes call for."""
    content_type: str
    """What its host says that it is."""
    data: bytes = field(repr=False)
    """Its bytes."""


class Download:
    """A file that is being received. It can be awaited or waited for, also again, and gives a `File`.

    Until then nothing comes.
    """

    __slots__ = ("_file", "_lock", "_native", "_pieces")

    def __init__(self, native: _dingstream.Call) -> None:
        self._native = native
        self._pieces: list[bytes] = []
        self._file: File | None = None
        self._lock = threading.Lock()

    def __await__(self) -> Generator[Any, None, File]:
        return self._received().__await__()

    def wait(self, timeout: float | None = None) -> File:
        """Blocks until the file is whole; for code that no event loop runs.

        Raises `TimeoutError` where it is not within `timeout` seconds, which ends the download.
        """
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        # Several that wait must not share out the pieces.
        with self._lock:
            while self._file is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    self.cancel()
                    raise TimeoutError(
                        f"the download is not over after {timeout} s", stage="call:download", retryable=True
                    )
                self._receive(min(left, SLICE))
            return self._file

    def cancel(self) -> None:
        """Ends the download, unless it is over."""
        self._native.cancel()

    def __repr__(self) -> str:
        return "Download()"

    def _receive(self, seconds: float) -> None:
        """Takes one piece, in slices of time, so that a signal such as Ctrl-C is heard."""
        piece = self._native.read(seconds)
        if piece is not None:
            self._pieces.append(piece)
            return
        told = json.loads(self._native.wait(0) or "{}")
        self._file = File(told["name"], told["contentType"], b"".join(self._pieces))
        self._pieces.clear()

    async def _received(self) -> File:
        # Each piece waits for its reader, so a thread of the loop's reads.
        reading = asyncio.get_running_loop().run_in_executor(None, self.wait)
        try:
            return await reading
        except asyncio.CancelledError:
            self.cancel()
            raise
