"""Options on their way to the core."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .errors import ConfigError


def as_json(options: Mapping[str, object]) -> str:
    """The options as the core takes them."""
    return json.dumps(options, default=_plain)


def _plain(value: object) -> object:
    """An option's value as JSON knows it."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    what = f"an option has a value of type {type(value).__name__}"
    raise ConfigError(what, hint="give texts, numbers, lists and mappings")
