"""Clients as every behaviour needs them: from the environment, telling their states."""

from __future__ import annotations

import json
import os
from typing import Any

import report
from dingstream import Client, StateChange

PATIENCE = 5


def made(client_id: str = "", secret: str = "", **options: Any) -> Client:
    """What the scenario chose goes over what the behaviour did."""
    chosen = json.loads(os.environ.get("DINGSTREAM_BOT_OPTIONS", "{}"))
    return Client(
        client_id or os.environ.get("DINGTALK_CLIENT_ID", "ding-demo"),
        secret or os.environ.get("DINGTALK_CLIENT_SECRET", "demo-secret"),
        **{**options, **chosen},
    )


def client(client_id: str = "", secret: str = "", **options: Any) -> Client:
    telling = made(client_id, secret, **options)
    telling.on_state(tell_state)
    return telling


def tell_state(change: StateChange) -> None:
    report.line({"state": change.state})


def settling(client_id: str = "", secret: str = "", **options: Any) -> Client:
    """Messages are answered once they are settled, so that the answer shows what the handler did."""
    return client(client_id, secret, answer_message="on_completion", **options)
