"""What is compared, and how."""

import json
import re

from .failure import Failure


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shown(value):
    """Short enough for one line of a report."""
    text = value if isinstance(value, str) else compact(value)
    return text if len(text) <= 400 else f"{text[:400]}… ({len(text)} characters)"


def answer_frame(record, wanted):
    """The one frame, byte for byte, that may answer this push."""
    data = wanted.get("data", record.get("data"))
    if "dataMatches" in wanted and not re.fullmatch(wanted["dataMatches"], data or ""):
        raise Failure(f"the answer's data is {shown(data)}")
    headers = {"messageId": record["messageId"], "contentType": "application/json"}
    return compact({"code": wanted["code"], "headers": headers, "message": wanted["message"], "data": data})


def fits(value, wanted):
    """Whether the value holds all that is wanted; objects may hold more, lists may not, and of a set it is one."""
    if isinstance(wanted, set):
        return value in wanted
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(key in value and fits(value[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(value, list) and len(value) == len(wanted) and all(map(fits, value, wanted))
    return value == wanted


def check_secrets(stderr, hidden):
    """Secrets, tickets and session keys belong in no log."""
    for secret in sorted(hidden):
        if secret in stderr:
            raise Failure(f"standard error holds the secret {secret!r}")
    leak = re.search(r"ticket=\S+|session=\S+|sendBySession", stderr)
    if leak:
        raise Failure(f"standard error holds {leak.group()!r}")
