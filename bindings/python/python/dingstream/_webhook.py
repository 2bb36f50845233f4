"""The custom robot of a group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import _background, _dingstream
from ._call import Call
from ._dingstream import Message
from ._json import options_as_json

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .options import WebhookOptions


class Webhook:
    """The sender for a group's custom robot (自定义机器人), which needs no client and no connection.

    `url` is the robot's address, or several of them with `overflow="rotate"`; `secret` is the one of its signature. The
    limit of twenty messages a minute belongs to the robot, so all webhooks of a process with its address share it. Any
    thread may use a webhook.
    """

    def __init__(self, url: str | Iterable[str], secret: str = "", **options: Unpack[WebhookOptions]) -> None:
        try:
            urls = url if isinstance(url, str) else " ".join(url)
            self._native = _dingstream.Webhook(
                options_as_json({**options, "url": urls, "secret": secret}), _background.queue()
            )
        except Exception as error:
            # Tools that show the variables along a traceback find no secret in this one.
            url = urls = secret = ""
            del options
            raise error.with_traceback(None) from None

    def send(self, message: Message) -> Call:
        """Sends a message.

        It brings `{"sent": 1}`, how many messages it took, or `{"digest": n}` where it went out together with others.
        """
        return self._native.send(message)

    def flush(self, seconds: float) -> Call:
        """Waits until everything is sent, at most so long; it brings `{"left": n}`, what still waits then.

        What waits when the process ends is lost, so a program that only tells something ends with this.
        """
        return self._native.flush(seconds)

    def __repr__(self) -> str:
        # Tools also show what could not be made.
        return repr(self._native) if hasattr(self, "_native") else "Webhook(refused)"
