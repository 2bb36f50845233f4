"""One bot under test: its process and what it prints."""

import json
import operator
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from .checks import shown
from .failure import Failure
from .lines import Lines
from .program import Program

PROGRAM = Path(__file__).resolve().parents[1] / "bot"

# What a proxy is asked for is the scenario's to say.
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

# Only a scenario about a late answer is to see one, however slow the machine.
PATIENT = {"answer_within_card_ms": 3_600_000, "answer_within_event_ms": 3_600_000}


class Bot(Program):
    def __init__(self, language, url, behaviour, environment, options):
        self.behaviour = behaviour
        inherited = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
        given = {"DINGSTREAM_BOT_OPTIONS": json.dumps({**PATIENT, **options})}
        super().__init__(
            [str(PROGRAM), language, url, behaviour],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**inherited, **given, **environment},
        )
        self.claimed = set()
        self.out, self.err = Lines(self.process.stdout), Lines(self.process.stderr)

    def lines(self):
        """What it printed, parsed; a line that is no JSON stays a text."""
        return [parsed(line) for line in list(self.out.read)]

    def await_line(self, wanted, patience, says=operator.eq):
        """Claims the first line that says this and was not claimed before."""

        def unclaimed(lines):
            fitting = (at for at, line in enumerate(lines) if at not in self.claimed and says(parsed(line), wanted))
            return next(fitting, None)

        if not self.out.await_that(lambda lines: unclaimed(lines) is not None, patience):
            raise Failure(f"the bot never printed {shown(wanted)}")
        self.claimed.add(unclaimed(self.out.read))

    def await_all(self, field, wanted, patience):
        """Claims all lines that have this field, once there are that many; their values must be these, in order."""

        def told(lines):
            named = ((at, parsed(line)) for at, line in enumerate(lines))
            return {at: line[field] for at, line in named if isinstance(line, dict) and field in line}

        self.out.await_that(lambda lines: len(told(lines)) >= len(wanted), patience)
        found = told(self.out.read)
        if list(found.values()) != wanted:
            raise Failure(f"the bot told {shown(list(found.values()))}")
        self.claimed.update(found)

    def await_stderr(self, pattern, patience):
        if not self.err.await_that(lambda lines: any(re.search(pattern, line) for line in lines), patience):
            raise Failure("no line on standard error matches")

    def signal(self, name):
        if not self.ended:
            self.process.send_signal(getattr(signal, f"SIG{name}"))

    def await_end(self, patience):
        """Its exit code, once everything that it printed was read."""
        deadline = time.monotonic() + patience
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failure(f"the bot did not end within {patience:g} s") from None
        for lines in (self.out, self.err):
            lines.await_end(max(0.1, deadline - time.monotonic()))
        return code

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
