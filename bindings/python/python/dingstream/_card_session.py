"""What types into an AI card."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from . import _dingstream
from ._call import Call
from ._log import logger
from .errors import AnsweredError, Error

if TYPE_CHECKING:
    from typing_extensions import Self


class CardSession(_dingstream.CardSession):
    """Types into an AI card: `message.card(…)` or `client.card(…)` opens it at once, and the card follows.

    It is best used as a scope, `async with` or `with`: leaving it well finishes the card, leaving it by an exception
    ends the card with the fallback; both wait for that. One that is let go without an end ends with the fallback as
    well. What it is told never waits for the network, and any thread may tell it.
    """

    __slots__ = ("__weakref__", "_end")

    def __init__(self, _native: _dingstream.CardSession) -> None:
        self._end: Call | None = None
        """The application's own end, if there was one."""

    def finish(self) -> Call:
        """Ends the session with what was said. The call is over once the card shows it all.

        It brings `via`, `state` (`finished`), `outTrackId`, `outTrackIds` (all of them, where it took several cards)
        and `calls`. Where cards are refused, the text went out as a message: `via` is `session` or `openapi` then, not
        `card`, and `degraded` is the error that says why. After the end the call raises `AnsweredError`.
        """
        return self._ended(super().finish())

    def fail(self, text: str = "") -> Call:
        """Ends the session as failed, with this text in place of what was said, or with the fallback.

        It brings the same as `finish`, with the state `failed`.
        """
        return self._ended(super().fail(text))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            await (self._end or self.finish())
        elif self._end is None:
            with _told():
                end = self.fail()
                # A coroutine that is thrown away can't wait any more.
                if kind is not GeneratorExit:
                    await end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            (self._end or self.finish()).wait()
        elif self._end is None:
            with _told():
                self.fail().wait()

    def __repr__(self) -> str:
        return "CardSession()"

    def _ended(self, end: Call) -> Call:
        self._end = self._end or end
        return end


@contextmanager
def _told() -> Iterator[None]:
    """The scope's own exception goes on; what else went wrong is for the log."""
    try:
        yield
    except AnsweredError:
        # The client's stop ended it.
        pass
    except Error as error:
        logger.getChild("card").warning("a card whose scope failed could not be ended (%s)", error)
