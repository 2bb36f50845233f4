"""The native half of the package: the core's types as Python sees them."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, overload

from typing_extensions import Self, Unpack

from ._call import Call as PublicCall
from ._card_session import CardSession as PublicCardSession
from .constants import Host, Kind, MediaType, Place, Remind, State, Via
from .options import CardOptions
from .stats import Stats

def end() -> None: ...
def escape_markdown(text: str) -> str:
    """A text that shows as it stands, whatever signs it holds."""

def mention(who: str) -> str:
    """A mention as a text shows it, by mobile number or user id.

    What makes it one is `at_mobiles` or `at_user_ids` of the message.
    """

def image_markdown(photo: str) -> str:
    """An image by its URL or media id."""

def link_to(url: str, place: Place = "panel") -> str:
    """The address that opens `url` in DingTalk's side panel or in the browser; for links of any message."""

def fit_markdown(text: str) -> str:
    """Turns what DingTalk does not render into what it does: tables into lists, fenced code into quotes."""

def split_markdown(text: str, bytes: int) -> list[str]:
    """Cuts a long text into parts of at most `bytes` of UTF-8 (64 or more), at its structure where it can.

    A fence that is cut is closed and opened again.
    """

def graph_response(
    body: Any = "",
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a graph handler returns: an HTTP response. A text goes as it is, any other body as JSON."""

class Queue:
    def __new__(cls) -> Self: ...
    def take(self, max: int, seconds: float = 0.0) -> list[Delivery | Done | Log] | None: ...
    def wake_handle(self) -> int: ...
    def close(self) -> None: ...

class Turns:
    def __new__(cls, queue: Queue) -> Self: ...
    def next(self, thread: int) -> Delivery | Done | Log | None: ...
    def close(self) -> None: ...

class Done:
    @property
    def tag(self) -> int: ...
    def outcome(self) -> str: ...

class Log:
    @property
    def level(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def message(self) -> str: ...

class Client:
    def __new__(cls, options: str, queue: Queue) -> Self: ...
    def subscribe(self, kind: str) -> None: ...
    def subscribe_topic(self, topic: str) -> None: ...
    def start(self) -> PublicCall: ...
    def stop(self, seconds: float) -> PublicCall: ...
    def send(self, target: str, message: Message) -> PublicCall: ...
    def read_status(self, target: str, key: str) -> PublicCall: ...
    def recall(self, target: str, keys: Sequence[str]) -> PublicCall: ...
    def ding(self, users: Sequence[str], remind: Remind, text: str) -> PublicCall: ...
    def request(
        self, host: Host, method: str, path: str, query: list[tuple[str, str]], body: Any, corp: str | None
    ) -> PublicCall: ...
    def upload(self, kind: MediaType, name: str, bytes: bytes) -> PublicCall: ...
    def upload_file(self, kind: MediaType, path: str | PathLike[str]) -> PublicCall: ...
    def download(self, code: str, robot_code: str | None) -> Call: ...
    def download_file(self, code: str, robot_code: str | None, path: str | PathLike[str]) -> PublicCall: ...
    def card(self, space: str, text: str, options: CardOptions) -> PublicCardSession: ...
    def card_send(self, card: Card) -> PublicCall: ...
    def card_create(self, card: Card) -> PublicCall: ...
    def card_deliver(self, card: Card) -> PublicCall: ...
    def card_add_spaces(self, card: Card) -> PublicCall: ...
    def card_update(self, change: str) -> PublicCall: ...
    def card_close_top(self, track_id: str, group: str) -> PublicCall: ...
    def card_register_callback(self, route: str, url: str, secret: str, force: bool) -> PublicCall: ...
    def standard_card_send(self, target: str, biz_id: str, card: Mapping[str, Any]) -> PublicCall: ...
    def standard_card_update(self, biz_id: str, card: Mapping[str, Any]) -> PublicCall: ...
    def suite_ticket(self, ticket: str) -> None: ...
    @property
    def state(self) -> State: ...
    def stats(self) -> Stats: ...
    def metrics(self) -> str: ...
    @property
    def runs(self) -> int: ...
    @property
    def stop_deadline(self) -> float: ...

class Webhook:
    def __new__(cls, options: str, queue: Queue) -> Self: ...
    def send(self, message: Message) -> PublicCall: ...
    def flush(self, seconds: float) -> PublicCall: ...

class Call:
    @property
    def operation(self) -> str: ...
    def wait(self, seconds: float) -> str | None: ...
    def read(self, seconds: float) -> bytes | None: ...
    def to_queue(self, queue: Queue, tag: int) -> None: ...
    def cancel(self) -> None: ...

class Card:
    def __new__(cls, text: str) -> Self: ...
    @property
    def track_id(self) -> str: ...

class CardSession:
    def __new__(cls, session: CardSession) -> Self: ...
    def push(self, text: str) -> None:
        """Adds text behind what was said before; the first replaces the text that the session was opened with.

        Raises `AnsweredError` once the session has ended, as everything here does, and `TooLargeError` beyond 4 MiB.
        """

    def set(self, text: str) -> None:
        """Replaces what was said before."""

    @overload
    def button(self, text: str, *, url: str, color: str | None = None) -> None:
        """A button that the card ends with and that opens a link; of the public template alone."""

    @overload
    def button(self, text: str, *, id: str, color: str | None = None) -> None:
        """A button that the card ends with and whose click comes as a `CardAction` with this id."""

    def value(self, name: str, value: Any) -> None:
        """A value, any JSON, that the card ends with, of another variable of its template."""

    def finish(self) -> PublicCall: ...
    def fail(self, text: str = "") -> PublicCall: ...

class CardResponse:
    """What a card handler returns: what a click changes, for the one who clicked.

    `data` are values of the card's variables, `private_data` of the user's own ones, of any type; what they do not name
    stays. What everybody is to see goes through `client.card_update`.
    """

    def __new__(cls, data: Mapping[str, Any] | None = None, private_data: Mapping[str, Any] | None = None) -> Self: ...

class DynamicData:
    """What a card handler returns to a request for dynamic data.

    A text, a list or a mapping by source id, for each of the action's `dynamic_data_source_ids`.
    """

    def __new__(cls, data: Mapping[str, Any]) -> Self: ...

class Message:
    """A message to send, made by `text`, `markdown` and the other builders."""

    @staticmethod
    def from_json(text: str) -> Message:
        """A message from JSON: `{"type":"markdown","title":…,"text":…,"at_mobiles":[…]}`."""

    def to_json(self) -> str:
        """The message as JSON, in the shape that `from_json` takes."""

class Delivery:
    """One thing handed to the application.

    It owes one settling: `ok`, `later` or `fail`. Dropped unsettled, it is declined.
    """

    @property
    def kind(self) -> Kind:
        """What it is."""

    @property
    def topic(self) -> str:
        """The topic that DingTalk sent it under; of a state, the state's name."""

    @property
    def id(self) -> str:
        """The id of this push. DingTalk may push the same thing again under another id."""

    @property
    def data(self) -> str:
        """The payload: the raw JSON text that DingTalk sent."""

    @property
    def headers(self) -> Any:
        """The headers of the frame."""

    @property
    def settled(self) -> bool:
        """Whether it was settled."""

    def json(self, pointer: str = "") -> Any:
        """The payload, or what a JSON pointer such as `/text/content` finds in it, parsed.

        `None` where there is nothing.
        """

    def ok(self, response: Any = None) -> None:
        """Done. `response` is what a card, graph or other delivery answers with: `CardResponse`, or any JSON.

        Raises `AnsweredError` where it was settled before, and `ExpiredError` where the library had to be faster: after
        `handler_deadline_ms`, as `later` and `fail` do, and with a response to a card action after
        `answer_within_card_ms`. Then update the card. Any thread may settle.
        """

    def later(self, reason: str) -> None:
        """Not now. An event comes again; for other kinds it is the same as `fail`. The reason goes to DingTalk."""

    def fail(self, reason: str) -> None:
        """It did not work. The reason goes to DingTalk with an event's answer, so it must hold no secret."""

    def unhandled(self) -> None:
        """Nobody handles it: an event is consumed, everything else answered as a topic that does not exist."""

    def take(self) -> Self:
        """Settling is yours from here on: neither the handler's return nor asking for the next delivery does it."""

    def reply(self, message: Message, via: Via = "auto") -> PublicCall:
        """Sends a message back to where this bot message, or an assistant's request, came from.

        By its session webhook while that lives and can carry the message, else by OpenAPI; or by a way of your choice.
        It has begun when this returns. Await the call, or wait for it in a plain function; that raises what went wrong,
        such as `RejectedError`. It brings `via`, the way that it took; `processQueryKeys` where that was OpenAPI; and
        `lost`, such as `["mentions"]`, where that way shows not everything.
        """

    def card(self, text: str = "…", **options: Unpack[CardOptions]) -> PublicCardSession:
        """Opens a session that types into an AI card where this bot message came from.

        It shows `text` until there is more. Options that can't work raise `ConfigError`, anything but a bot message
        raises `ArgumentError`; what DingTalk says comes with the end. Where there can be no card, the text goes out as
        a reply at its end.
        """

    @property
    def _is_owed(self) -> bool: ...
    def _finish(self) -> None: ...
