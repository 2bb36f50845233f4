"""The base of every error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar


class Error(Exception):
    """A failure: what happened, where, and what to do about it.

    It never holds a secret, a token, a ticket, a webhook's session key or the text of a message.
    """

    kind: ClassVar[str] = ""
    """The name of its class in the taxonomy that all languages share: `auth`, `network` …"""

    _classes: ClassVar[dict[str, type[Error]]] = {}

    def __init_subclass__(cls, kind: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if kind:
            cls.kind = kind
            Error._classes[kind] = cls

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        stage: str = "",
        http_status: int | None = None,
        platform_code: str = "",
        request_id: str = "",
        retryable: bool = False,
        required_scopes: Sequence[str] = (),
        support_text: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        """What happened, without the hint."""
        self.hint = hint
        """What to do about it; empty where nothing is known."""
        self.stage = stage
        """Where it happened: `open`, `connect`, `call:<operation>` …; empty for a plain misuse."""
        self.http_status = http_status
        """The HTTP status, where one was received."""
        self.platform_code = platform_code
        """The platform's own code, such as `authFailed` or `310000`; empty where it gave none."""
        self.request_id = request_id
        """The platform's id of the request, which its support asks for; empty where it gave none."""
        self.retryable = retryable
        """Whether the same call may succeed later without a change."""
        self.required_scopes = list(required_scopes)
        """The permissions that the application lacks, where DingTalk named them."""
        self.support_text = support_text
        """What DingTalk's support asks for, one line a fact: time, client id, request and its id. It has no secret."""

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message

    @staticmethod
    def _of_kind(
        kind: str,
        message: str,
        hint: str,
        stage: str,
        http_status: int,
        platform_code: str,
        request_id: str,
        retryable: bool,
        required_scopes: list[str],
        support_text: str,
    ) -> Error:
        return Error._classes[kind](
            message,
            hint=hint,
            stage=stage,
            http_status=http_status or None,
            platform_code=platform_code,
            request_id=request_id,
            retryable=retryable,
            required_scopes=required_scopes,
            support_text=support_text,
        )
