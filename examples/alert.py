"""Tells a group what is wrong, through its custom robot: what comes too fast goes out as one message."""

import os

from dingstream import Webhook, text

robot = Webhook(
    os.environ.get("DINGTALK_WEBHOOK", ""), os.environ.get("DINGTALK_WEBHOOK_SECRET", ""), overflow="digest"
)

for host in ("db-1", "db-2", "db-3"):
    robot.send(text(f"disk full on {host}"))

left = robot.flush(60).wait()["left"]
if left:
    raise SystemExit(f"{left} alerts could not be sent in time")
