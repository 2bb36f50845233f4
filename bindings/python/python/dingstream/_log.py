"""What is told to Python's `logging`, by whoever takes from a queue or runs a handler."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ._dingstream import Delivery, Log

logger = logging.getLogger("dingstream")

_LEVELS = {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}


def tell(log: Log) -> None:
    """Tells a record of the library to the logger `dingstream.<part of the library>`."""
    with _unharmed():
        logger.getChild(log.target).log(_LEVELS[log.level], "%s", log.message)


def tell_failure(delivery: Delivery, error: BaseException | bool) -> None:
    """Tells of a handler's exception, or of the one that is being handled, with its traceback."""
    with _unharmed():
        which = delivery.id or delivery.topic
        logger.error("the handler of a delivery of kind %s (%s) failed", delivery.kind, which, exc_info=error)


@contextmanager
def _unharmed() -> Iterator[None]:
    """A logger that raises must not stop what it is told about."""
    try:
        yield
    except Exception:
        # As logging itself does where a handler of its own fails.
        if logging.raiseExceptions and sys.stderr:
            traceback.print_exc()
