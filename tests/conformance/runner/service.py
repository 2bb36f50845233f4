"""Programs of this repository that a play drives over HTTP: they say where they listen, and end with their input."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .failure import Failure

ROOT = Path(__file__).resolve().parents[3]


def binary(name, variable):
    """The program that the variable names, or else the one that cargo built last."""
    if variable in os.environ:
        return Path(os.environ[variable])
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [target / profile / name for profile in ("release", "quick", "debug")]
    built = [path for path in built if path.exists()]
    if not built:
        raise Failure(f"{name} is not built: cargo build -p {name}, or name it in {variable}")
    return max(built, key=lambda path: path.stat().st_mtime)


class Service:
    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [str(program), "--exit-with-stdin", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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
        """Has it do something."""
        request = urllib.request.Request(self.control + path, json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        return self._fetch(request, 30)

    def told(self, path, wait_ms=0):
        """What it tells, after at most that long."""
        return self._fetch(self.control + path, 30 + wait_ms / 1000)

    def _fetch(self, request, patience):
        try:
            with self.opener.open(request, timeout=patience) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            reason = refused.read().decode(errors="replace")
            raise Failure(f"{self.control} refused the order: {reason}") from None
