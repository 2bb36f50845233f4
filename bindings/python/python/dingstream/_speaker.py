"""What a client says without being asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, Union, overload

from . import _dingstream
from ._call import Call
from ._dingstream import Log, Message, Queue
from ._download import Download
from ._feed import BATCH
from ._log import tell
from .constants import Host, MediaType, Remind

Bytes = Union[bytes, bytearray, memoryview]


class Speaker:
    """A client's calls towards DingTalk. They need no connection, so they work before the start too."""

    _native: _dingstream.Client
    _queue: Queue
    _lock: threading.Lock
    _started: bool

    @property
    def _voice(self) -> _dingstream.Client:
        """The native half. Nobody takes from the queue before the start, so what it has for the log is told here."""
        # Refused in a forked child, where nobody may ever let go of the lock.
        self._queue.take(0)
        with self._lock:
            waiting = None if self._started else self._queue.take(BATCH)
        for item in waiting or ():
            if isinstance(item, Log):
                tell(item)
        return self._native

    def _stop_at_exit(self, goodbye: float) -> Call:
        """Stops at the end of the interpreter, with so many seconds left where nobody takes from the queue any more."""
        return self._native.stop(goodbye)

    @overload
    def send(self, message: Message, *, users: Iterable[str]) -> Call: ...
    @overload
    def send(self, message: Message, *, group: str) -> Call: ...
    @overload
    def send(self, message: Message, *, conversation: str, cool_app: str) -> Call: ...
    def send(self, message: Message, **target: Any) -> Call:
        """Sends a message to users, a group, or a conversation of two people that a cool-app's robot takes part in.

        It brings `processQueryKeys`; for users also `invalidStaffIdList`, `flowControlledStaffIdList` and `failed`: who
        did not get it, and why. Users go out in batches of twenty, and the call fails only where nobody got anything.
        OpenAPI shows no mentions: where there are some, `lost` says so.
        """
        return self._voice.send(_as_json(target), message)

    @overload
    def read_status(self, key: str, *, users: Iterable[str] = ()) -> Call: ...
    @overload
    def read_status(self, key: str, *, group: str) -> Call: ...
    @overload
    def read_status(self, key: str, *, conversation: str, cool_app: str) -> Call: ...
    def read_status(self, key: str, **target: Any) -> Call:
        """Who has read what was sent with this `processQueryKey`, within 24 hours.

        It was sent to users unless a target says else.
        """
        return self._voice.read_status(_as_json(target or _USERS), key)

    @overload
    def recall(self, keys: Sequence[str], *, users: Iterable[str] = ()) -> Call: ...
    @overload
    def recall(self, keys: Sequence[str], *, group: str) -> Call: ...
    @overload
    def recall(self, keys: Sequence[str], *, conversation: str, cool_app: str) -> Call: ...
    def recall(self, keys: Sequence[str], **target: Any) -> Call:
        """Takes back what was sent with these `processQueryKeys`, within 24 hours.

        They were sent to users unless a target says else. It brings `successResult`, a list, and `failedResult`,
        reasons by key.
        """
        return self._voice.recall(_as_json(target or _USERS), keys)

    def ding(self, users: Sequence[str], text: str, remind: Remind = "app") -> Call:
        """Dings users: in DingTalk, by SMS or by telephone."""
        return self._voice.ding(users, remind, text)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        host: Host = "api",
        corp: str | None = None,
    ) -> Call:
        """Calls any other API, and brings the answer's JSON.

        `path` begins with one slash, and `corp` names an organisation where the application is an ISV's. The token goes
        where the host wants it. An answer that says that it failed is an error, whatever its status.
        """
        return self._voice.request(host, method, path, list((query or {}).items()), body, corp)

    @overload
    def upload(self, kind: MediaType, file: str | PathLike[str]) -> Call: ...
    @overload
    def upload(self, kind: MediaType, file: Bytes, name: str) -> Call: ...
    def upload(self, kind: MediaType, file: str | PathLike[str] | Bytes, name: str = "") -> Call:
        """Uploads a picture, a voice, a video or a file: a path, or bytes with a name.

        It brings `mediaId`, by which messages name it. Size and ending are checked before anything is sent, and `bytes`
        are not copied.
        """
        if isinstance(file, (bytes, bytearray, memoryview)):
            return self._voice.upload(kind, name, bytes(file))
        return self._voice.upload_file(kind, file)

    @overload
    def download(self, code: str, *, robot_code: str | None = None) -> Download: ...
    @overload
    def download(self, code: str, to: str | PathLike[str], *, robot_code: str | None = None) -> Call: ...
    def download(
        self, code: str, to: str | PathLike[str] | None = None, *, robot_code: str | None = None
    ) -> Download | Call:
        """Downloads a file that came with a message, by one of its `download_codes`.

        Into memory, or to a path: into a file, which is there once it is whole, or under its own name into a folder.
        Then it brings `name`, `bytes`, `contentType` and `path`. `robot_code` is the message's own, where several
        robots share this client. A code that is no longer valid raises `ExpiredError`, a file above the option
        `download_bytes` raises `TooLargeError`.
        """
        if to is None:
            return Download(self._voice.download(code, robot_code))
        return self._voice.download_file(code, robot_code, to)

    def set_suite_ticket(self, ticket: str) -> None:
        """Hands over the `suite_ticket` that an ISV's token needs: DingTalk sends it as an event every five hours."""
        self._voice.suite_ticket(ticket)


_USERS: Mapping[str, Any] = {"users": ()}
"""A key says by itself which users it is about."""


def _as_json(target: Mapping[str, Any]) -> str:
    # A text stays a text, and is refused where a list belongs.
    return json.dumps(target, default=list)
