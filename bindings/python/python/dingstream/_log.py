"""The library's log records in Python's `logging`, told by whoever takes them from a queue."""

from __future__ import annotations

import logging

from ._dingstream import Log

logger = logging.getLogger("dingstream")

_LEVELS = {
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}


def tell(log: Log) -> None:
    """Tells a record to the logger `dingstream.<part of the library>`."""
    logger.getChild(log.target).log(_LEVELS[log.level], "%s", log.message)
