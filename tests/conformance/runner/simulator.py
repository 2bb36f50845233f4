"""A simulator of its own for every play, and its control API."""

import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from .failure import Failure

ROOT = Path(__file__).resolve().parents[3]


def binary():
    """The simulator that SIMULATOR names, or else the one that cargo built last."""
    if "SIMULATOR" in os.environ:
        return Path(os.environ["SIMULATOR"])
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / profile / "dingstream-simulator" for profile in ("release", "quick", "debug")]
    built = [path for path in built if path.exists()]
    if not built:
        raise Failure("the simulator is not built: cargo build -p dingstream-simulator, or name it in SIMULATOR")
    return max(built, key=lambda path: path.stat().st_mtime)


class Simulator:
    def __init__(self, program):
        self.process = subprocess.Popen(
            [str(program), "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        ready = json.loads(self.process.stdout.readline() or "{}")
        if "url" not in ready:
            raise Failure(f"{program} did not say where it listens")
        self.url, self.control = ready["url"], ready["control"]
        # Loopback is never asked of a proxy.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def order(self, path, body):
        """Has the simulator do something."""
        request = urllib.request.Request(self.control + path, json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        return self._fetch(request, 30)

    def records(self, fields, since=0, count=0, wait_ms=0):
        """What happened since and has these fields, as soon as it happened `count` times or the wait is over; and the
        number from which on everything is news."""
        query = urllib.parse.urlencode({**fields, "since": since, "count": count, "wait": wait_ms})
        answer = self._fetch(f"{self.control}records?{query}", 30 + wait_ms / 1000)
        return answer["records"], answer["next"]

    def _fetch(self, request, patience):
        try:
            with self.opener.open(request, timeout=patience) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise Failure(f"the simulator refused the order: {refused.read().decode(errors='replace')}") from None
