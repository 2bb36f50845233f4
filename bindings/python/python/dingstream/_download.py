"""A file that came with a message, on its way."""

from __future__ import annotations

import asyncio
import json
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
    data: bytearray = field(repr=False)
    """Its bytes."""


class Download:
    """A file that is being received. It can be awaited or waited for, and gives a `File`; until then nothing comes."""

    __slots__ = ("_native",)

    def __init__(self, native: _dingstream.Call) -> None:
        self._native = native

    def __await__(self) -> Generator[Any, None, File]:
        return self._received().__await__()

    def wait(self, timeout: float | None = None) -> File:
        """Blocks until the file is whole; for code that no event loop runs.

        Raises `TimeoutError` where it is not within `timeout` seconds, which ends the download.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        data = bytearray()
        # In slices, so that a signal such as Ctrl-C is heard.
        while (piece := self._native.read(SLICE)) is not None:
            data += piece
            if deadline is not None and time.monotonic() >= deadline:
                self.cancel()
                raise TimeoutError(f"the download is not over after {timeout} s", stage="call:download", retryable=True)
        told = json.loads(self._native.wait(0) or "{}")
        return File(told["name"], told["contentType"], data)

    def cancel(self) -> None:
        """Ends the download, unless it is over."""
        self._native.cancel()

    def __repr__(self) -> str:
        return "Download()"

    async def _received(self) -> File:
        # Each piece waits for its reader, so a thread of the loop's reads.
        reading = asyncio.get_running_loop().run_in_executor(None, self.wait)
        try:
            return await reading
        except asyncio.CancelledError:
            self.cancel()
            raise
