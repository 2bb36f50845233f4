"""What the runner reads: one line of JSON on standard output for each thing worth telling."""

from __future__ import annotations

import itertools
import json
import sys
from typing import Any

from dingstream import Error

_handled = itertools.count()


def count() -> None:
    """A handler runs."""
    next(_handled)


def line(told: dict[str, Any]) -> None:
    # One write a line: plain handlers tell from several threads.
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def error(error: Error) -> None:
    line({"error": error.kind, "code": error.platform_code})


def handled() -> None:
    """The last line."""
    line({"handled": next(_handled)})
