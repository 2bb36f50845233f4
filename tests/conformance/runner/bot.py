"""One bot under test: its process and what it prints."""

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from .failure import Failure

PROGRAM = Path(__file__).resolve().parents[1] / "bot"


class Bot:
    # Those that run. A runner that is interrupted ends them and keeps the lock, so that none is started any more.
    live, starting = set(), threading.Lock()

    def __init__(self, language, url, behaviour, environment):
        self.behaviour = behaviour
        with Bot.starting:
            # A session of its own, so that what it leaves behind can be ended with it.
            self.process = subprocess.Popen(
                [str(PROGRAM), language, url, behaviour],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **environment},
                start_new_session=True,
            )
            Bot.live.add(self)
        self.printed, self.stderr, self.claimed = [], "", set()
        self.news = threading.Condition()
        self.ended = False
        self.readers = [
            threading.Thread(target=work, daemon=True) for work in (self._read_stdout, self._read_stderr, self._reap)
        ]
        for reader in self.readers:
            reader.start()

    def _read_stdout(self):
        for line in self.process.stdout:
            with self.news:
                self.printed.append(line.decode(errors="replace").rstrip("\r\n"))
                self.news.notify_all()

    def _read_stderr(self):
        for line in self.process.stderr:
            self.stderr += line.decode(errors="replace")

    def _reap(self):
        self.process.wait()
        Bot.live.discard(self)
        with self.news:
            self.ended = True
            self.news.notify_all()

    def lines(self):
        """What it printed, parsed; a line that is no JSON stays a text."""
        return [parsed(line) for line in list(self.printed)]

    def await_line(self, wanted, patience):
        """Claims the first line that says this and was not claimed before."""

        def find():
            for index, line in enumerate(self.lines()):
                if line == wanted and index not in self.claimed:
                    self.claimed.add(index)
                    return True
            return False

        with self.news:
            if not self.news.wait_for(find, patience):
                raise Failure(f"the bot never printed {json.dumps(wanted, ensure_ascii=False)}")

    def signal(self, name):
        if not self.ended:
            self.process.send_signal(getattr(signal, f"SIG{name}"))

    def await_end(self, patience):
        """Its exit code, once everything that it printed was read."""
        deadline = time.monotonic() + patience
        with self.news:
            if not self.news.wait_for(lambda: self.ended, patience):
                raise Failure(f"the bot did not end within {patience:g} s")
        for reader in self.readers:
            reader.join(max(0.1, deadline - time.monotonic()))
        return self.process.returncode

    def kill(self):
        """Ends it and whatever it started, without waiting for the end."""
        if self in Bot.live:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def leftovers(self):
        """Lines that no step expected. States come as they come."""
        return [
            line
            for index, line in enumerate(self.lines())
            if index not in self.claimed and not (isinstance(line, dict) and ("state" in line or "handled" in line))
        ]


def parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        return line
