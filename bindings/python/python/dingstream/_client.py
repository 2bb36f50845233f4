"""The client: handlers, start and stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, Union, overload

from . import _dingstream, _exit
from ._call import Call
from ._card_speaker import CardSpeaker
from ._deliveries import Deliveries
from ._dingstream import Queue
from ._feed import SLICE
from ._handlers import Function, Handlers
from ._json import options_as_json
from ._runner import Runner
from ._signals import ending_with
from ._workers import Workers
from .constants import Kind, State
from .errors import ClosedError, ConfigError
from .views import BotMessage, CardAction, Event, GraphRequest, StateChange

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from .options import Options
    from .stats import Stats

MessageHandler = TypeVar("MessageHandler", bound=Callable[[BotMessage], Any])
CardHandler = TypeVar("CardHandler", bound=Callable[[CardAction], Any])
GraphHandler = TypeVar("GraphHandler", bound=Callable[[GraphRequest], Any])
EventHandler = TypeVar("EventHandler", bound=Callable[[Event], Any])
StateHandler = TypeVar("StateHandler", bound=Callable[[StateChange], Any])
TopicHandler = TypeVar("TopicHandler", bound=Callable[[Any], Any])

Consumer = Union[Runner, Workers]


class Client(CardSpeaker):
    """One DingTalk application: its Stream connection, its handlers, and its way to reply and send.

    A handler is a coroutine function, which runs in the event loop, or a plain function, which runs on one of `workers`
    threads. What it returns settles the delivery; see the package's README. Making a client connects nothing; options
    that can't work raise `ConfigError`. Any thread may use a client.
    """

    def __init__(self, client_id: str, client_secret: str, *, workers: int = 8, **options: Unpack[Options]) -> None:
        self._queue = Queue()
        try:
            if workers < 1:
                raise ConfigError("workers takes a whole number above zero")
            self._native = _dingstream.Client(
                options_as_json({**options, "client_id": client_id, "client_secret": client_secret}), self._queue
            )
        except Exception as error:
            # Tools that show the variables along a traceback find no secret in this one.
            del client_secret, options
            raise error.with_traceback(None) from None
        self._workers = workers
        self._handlers = Handlers()
        self._subscribed = False
        self._lock = threading.Lock()
        self._started = False
        self._consumer: Consumer | None = None
        self._runs_ended = 0
        self._on_end: Callable[[], object] = lambda: None

    # Handlers

    def on_message(self, function: MessageHandler) -> MessageHandler:
        """Handles bot messages. What the handler returns is ignored, unless it is `Later`.

        Raises `ConfigError` after the start, as the others do. By default messages of one conversation are handled one
        after the other: the option `ordering`.
        """
        self._subscribe("message")
        self._handlers.on_class(BotMessage, function)
        return function

    def on_card(self, function: CardHandler) -> CardHandler:
        """Handles card actions; what the handler returns is the response: `CardResponse`, or `DynamicData` if asked.

        DingTalk waits 2 s. After `answer_within_card_ms` it gets an empty response, and what is returned then comes to
        nothing, which is logged.
        """
        self._subscribe("card")
        self._handlers.on_class(CardAction, function)
        return function

    def on_graph(self, function: GraphHandler) -> GraphHandler:
        """Handles requests of AI assistants and plugins; what the handler returns is the response: `graph_response`."""
        self._subscribe("graph")
        self._handlers.on_class(GraphRequest, function)
        return function

    @overload
    def on_event(self, event_type: EventHandler) -> EventHandler: ...
    @overload
    def on_event(self, event_type: str) -> Callable[[EventHandler], EventHandler]: ...
    @overload
    def on_event(self, event_type: str, function: EventHandler) -> EventHandler: ...
    def on_event(self, event_type: str | Function, function: Function | None = None) -> Function:
        """Handles events of one type, such as `user_add_org`; without a type, those that no other handler handles."""
        if not isinstance(event_type, str):
            self._subscribe("event")
            self._handlers.on_class(Event, event_type)
            return event_type
        name = event_type

        def register(function: Function) -> Function:
            self._subscribe("event")
            self._handlers.on_event_type(name, function)
            return function

        return register if function is None else register(function)

    @overload
    def on(self, topic: str) -> Callable[[TopicHandler], TopicHandler]: ...
    @overload
    def on(self, topic: str, function: TopicHandler) -> TopicHandler: ...
    def on(self, topic: str, function: Function | None = None) -> Function:
        """Handles one callback topic; what the handler returns is the response."""

        def register(function: Function) -> Function:
            self._native.subscribe_topic(topic)
            self._subscribed = True
            self._handlers.on_topic(topic, function)
            return function

        return register if function is None else register(function)

    def on_state(self, function: StateHandler) -> StateHandler:
        """Hears of changes of the connection.

        A plain function is called where deliveries are taken, so it must be quick.
        """
        if self._started:
            raise ConfigError("a handler came after the start", hint="register everything before start or run")
        self._handlers.on_class(StateChange, function)
        return function

    def deliveries(self, *kinds: Kind) -> Deliveries:
        """What arrives of these kinds, to iterate over instead of having handlers; `state` brings state changes."""
        if self._handlers.all():
            raise ConfigError("a client with handlers can't be iterated over", hint="use handlers or deliveries")
        for kind in kinds:
            if kind != "state":
                self._subscribe(kind)
        return Deliveries(self.start, self._queue, states="state" in kinds)

    def _subscribe(self, kind: Kind) -> None:
        self._native.subscribe(kind)
        self._subscribed = True

    # Life

    @property
    def state(self) -> State:
        """What it is doing; in a forked child, what it was doing before."""
        return self._native.state

    def stats(self) -> Stats:
        """What it has counted since it was made, and what it holds now.

        Quick, and legal at any moment and in any thread. A forked child has counted nothing.
        """
        return self._native.stats()

    def metrics(self) -> str:
        """The same as the text that Prometheus scrapes, each number labelled with the client id."""
        return self._native.metrics()

    @property
    def stop_deadline(self) -> float:
        """How long `run` lets handlers finish, in seconds."""
        return self._native.stop_deadline

    def run(self) -> None:
        """Starts, hands what arrives to the handlers, and returns once the client has stopped.

        It stops after SIGINT or SIGTERM, or after `stop`. Raises the refusal of the start.
        """
        if any(handler.is_async for handler in self._handlers.all()):
            asyncio.run(self.serve())
            return
        ended = threading.Event()
        self._on_end = ended.set
        with ending_with(self.stop):
            start = self.start()
            while self._has_handlers() and not ended.wait(SLICE):
                pass
            # Stopped before the first connection: no failure.
            with suppress(ClosedError):
                start.wait()

    async def serve(self) -> None:
        """What `run` does, in a loop that runs already: several clients can be served side by side."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        self._on_end = lambda: loop.call_soon_threadsafe(ended.set)
        with ending_with(self.stop, loop):
            start = self.start()
            try:
                if self._has_handlers():
                    await ended.wait()
                with suppress(ClosedError):
                    await start
            except asyncio.CancelledError:
                # Nobody takes any more.
                self.stop(0)
                raise

    def start(self) -> Call:
        """Starts connecting. The call is over at the first open connection, or fails with a refusal like `AuthError`.

        Coroutine handlers run in the loop that is running here; plain functions need none. Started twice is started
        once; a stopped client can be started again.
        """
        # Refused in a forked child, where no thread would ever tell how it goes.
        self._queue.take(0)
        with self._lock:
            if self._has_handlers() and (self._consumer is None or self._consumer.is_dead):
                self._consumer = self._consume()
            self._started = True
            _exit.add(self)
            return self._native.start()

    def stop(self, deadline: float | None = None) -> Call:
        """Stops: running handlers go on for `deadline` seconds, what arrives later is refused.

        Legal anywhere and at any moment; a handler of this client must not wait for it. Without a deadline it is the
        option `stop_deadline_ms`.
        """
        call = self._native.stop(self.stop_deadline if deadline is None else deadline)
        consumer = self._consumer
        if consumer is not None:
            call._is_inside = consumer.is_inside
        return call

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def __enter__(self) -> Self:
        self.start().wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop().wait()

    def __repr__(self) -> str:
        # Tools also show what could not be made.
        return f"Client({self.state if hasattr(self, '_native') else 'refused'})"

    def _has_handlers(self) -> bool:
        return self._subscribed and bool(self._handlers.all())

    def _consume(self) -> Consumer:
        if not any(handler.is_async for handler in self._handlers.all()):
            return Workers(self._workers, self._queue, self._handlers, self._run_ended)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise ConfigError(
                "a handler is a coroutine function, and no event loop is running here",
                hint="call start inside a loop, or use run, or register plain functions",
            ) from None
        return Runner(loop, self._queue, self._handlers, self._workers, self._run_ended)

    def _run_ended(self) -> None:
        """A `stopped` was taken."""
        with self._lock:
            self._runs_ended += 1
            # Where it was started again meanwhile, what takes for this run takes for the next one too.
            if self._consumer is None or self._runs_ended < self._native.runs:
                return
            self._consumer.close()
            self._consumer = None
            _exit.discard(self)
        self._on_end()

    def _stop_at_exit(self, goodbye: float) -> Call:
        # Threads go on handling at exit; a loop does not.
        return self._native.stop(self.stop_deadline if isinstance(self._consumer, Workers) else goodbye)
