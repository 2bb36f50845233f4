"""How what a handler returned, or raised, settles its delivery."""

from __future__ import annotations

import inspect
from contextlib import suppress
from dataclasses import dataclass

from ._dingstream import Delivery
from ._log import tell_failure
from .errors import AnsweredError, ArgumentError, ExpiredError

HANDLER_FAILED = "the handler failed"
"""What DingTalk is told about a handler's exception: never the exception itself."""

_TOO_LATE = (AnsweredError, ExpiredError)
"""Another thread of the application was faster, or the library, which has told so."""

_WITHOUT_RESPONSE = ("message", "event", "state")


@dataclass(frozen=True)
class Later:
    """Returned from a handler: not now. An event comes again; everything else is answered as failed."""

    reason: str = ""
    """Why, told to DingTalk: it must hold no secret."""


def finish(delivery: Delivery, returned: object) -> None:
    """Settles a delivery as its handler's return says, unless the handler did or took it."""
    if returned is None:
        delivery._finish()
    elif delivery._is_owed:
        try:
            with suppress(*_TOO_LATE):
                _settle(delivery, returned)
        except Exception as error:
            tell_failure(delivery, error)
            fail(delivery)


def _settle(delivery: Delivery, returned: object) -> None:
    if isinstance(returned, Later):
        delivery.later(returned.reason)
    elif inspect.iscoroutine(returned):
        returned.close()
        raise ArgumentError("a plain function returned a coroutine", hint="register an async function")
    elif delivery.kind in _WITHOUT_RESPONSE:
        delivery.ok()
    else:
        delivery.ok(returned)


def failed(delivery: Delivery) -> None:
    """Settles a delivery whose handler raised what is being handled."""
    tell_failure(delivery, True)
    fail(delivery)


def fail(delivery: Delivery) -> None:
    """Settles a delivery that its handler did not, and says nothing."""
    if delivery._is_owed:
        with suppress(*_TOO_LATE):
            delivery.fail(HANDLER_FAILED)


def unhandled(delivery: Delivery) -> None:
    """Settles a delivery that has no handler."""
    with suppress(*_TOO_LATE):
        delivery.unhandled()
