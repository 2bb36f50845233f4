"""What is to be done with what arrives: one handler per kind, per event type and per topic."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, cast

from ._dingstream import Delivery
from .views import Event, StateChange

Function = Callable[[Any], Any]


class Handler:
    """A function of the application."""

    __slots__ = ("function", "is_async")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.is_async = _is_async(function)


def _is_async(function: Function) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


class Handlers:
    """Every handler of a client."""

    def __init__(self) -> None:
        self._classes: dict[type[Delivery], Handler] = {}
        self._event_types: dict[str, Handler] = {}
        self._topics: dict[str, Handler] = {}

    def on_class(self, view: type[Delivery], function: Function) -> None:
        self._classes[view] = Handler(function)

    def on_event_type(self, event_type: str, function: Function) -> None:
        self._event_types[event_type] = Handler(function)

    def on_topic(self, topic: str, function: Function) -> None:
        self._topics[topic] = Handler(function)

    @property
    def state(self) -> Handler | None:
        return self._classes.get(StateChange)

    def all(self) -> list[Handler]:
        return [*self._classes.values(), *self._event_types.values(), *self._topics.values()]

    def find(self, delivery: Delivery) -> Handler | None:
        view = type(delivery)
        handler: Handler | None = None
        if view is Event:
            if self._event_types:
                handler = self._event_types.get(cast(Event, delivery).event_type or "")
        elif self._topics and view is not StateChange:
            handler = self._topics.get(delivery.topic)
        return handler or self._classes.get(view)
