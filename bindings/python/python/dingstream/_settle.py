"""How what a handler returned, or raised, settles its delivery."""

from __future__ import annotations

import inspect
from contextlib import suppress
from dataclasses import dataclass

from ._dingstream import Delivery
from ._log import logger
from .errors import AnsweredError, ArgumentError

HANDLER_FAILED = "the handler failed"
"""What DingTalk is told about a handler's exception: never the exception itself."""

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
            _settle(delivery, returned)
        except AnsweredError:
            # Another thread of the application was faster.
            pass
        except Exception as error:
            _log_failure(delivery, error)
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
    _log_failure(delivery, True)
    fail(delivery)


def fail(delivery: Delivery) -> None:
    """Settles a delivery that its handler did not, and says nothing."""
    if delivery._is_owed:
        with suppress(AnsweredError):
            delivery.fail(HANDLER_FAILED)


def _log_failure(delivery: Delivery, error: BaseException | bool) -> None:
    logger.error("the handler of a %s delivery (%s) failed", delivery.kind, delivery.id, exc_info=error)
