"""Options and cards on their way to the core."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from .errors import ArgumentError, ConfigError, Error


def options_as_json(options: Mapping[str, object]) -> str:
    """The options as the core takes them."""
    return _as_json(options, "an option", ConfigError)


def card_as_json(values: Mapping[str, object]) -> str:
    """What a card has, as the core takes it."""
    return _as_json(values, "a card", ArgumentError)


def _as_json(values: Mapping[str, object], whose: str, wrong: type[Error]) -> str:
    hint = "give texts, numbers, lists and mappings"

    def plain(value: object) -> object:
        """A value as JSON knows it."""
        if isinstance(value, Mapping):
            return dict(value)
        if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
            return list(value)
        raise wrong(f"{whose} has a value of type {type(value).__name__}", hint=hint)

    try:
        return json.dumps(values, default=plain, allow_nan=False)
    except ValueError:
        # What a number can't be, or what holds itself.
        raise wrong(f"{whose} has a value that JSON does not know", hint=hint) from None
