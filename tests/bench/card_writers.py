"""Who writes cards: our sessions, and the official Python SDK. Each runs beside a simulator of its own, and is watched."""

import json
import os
import subprocess
import sys
import threading
import time
from typing import NamedTuple, Optional

import clients

sys.path.insert(0, str(clients.ROOT / "tests" / "conformance"))
from runner.failure import Failure  # noqa: E402
from runner.simulator import Simulator  # noqa: E402

# Cards wait more than they compute: what is built in a minute tells as much.
PROFILE = "quick"
# More than any run keeps between two looks; each has a text in it.
KEPT = 4000
LOOK_S = 0.5
# A peer whose calls are slow may need so long after the model.
PATIENCE_S = 120


class Writer(NamedTuple):
    name: str
    command: list
    # What its sessions may take each; None of a peer.
    calls: Optional[int]
    # What a card of its DingTalk holds.
    card_chars: int


class Run(NamedTuple):
    """What came of one writer."""

    told: dict
    records: list
    cards: list
    cpu_s: float
    early_kib: int
    late_kib: int


def build():
    for kind, name, package in (("--example", "write_cards", "bench"), ("--bin", "dingstream-simulator", "simulator")):
        clients.quietly("cargo", "build", "--profile", PROFILE, "-p", f"dingstream-{package}", kind, name)


def built(name):
    return str(clients.TARGET / PROFILE / name)


def ours(name, model, calls, card_chars):
    """Sessions of so many calls each. `model` is cards, tokens a second, tokens."""
    return Writer(name, words(built("examples/write_cards"), *model, calls, card_chars), calls, card_chars)


def python_sdk(name, model, every, card_chars):
    program = clients.HERE / "peers" / "python_cards.py"
    return Writer(name, words(clients.python_with_sdk(), program, *model, every), None, card_chars)


def words(*command):
    return list(map(str, command))


def run(writer, seconds):
    with Simulator(built("dingstream-simulator")) as simulator:
        simulator.order("settings", {"cardStreamTotal": writer.card_chars, "keptRecords": KEPT})
        with Records(simulator) as records:
            told, usage = watched(writer, simulator.url, seconds)
        return Run(told, records.all, simulator.told("cards")["cards"], *usage)


def watched(writer, url, seconds):
    """What it says at its end, its CPU time, and its memory five seconds after its start and when the model ends."""
    environment = {**os.environ, "DINGSTREAM_ENDPOINT": url, "DINGTALK_OPENAPI_ENDPOINT": url, "NO_PROXY": "127.0.0.1"}
    log = clients.BUILD / f"{writer.name.replace(' ', '-').replace(',', '')}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(writer.command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        watchdog = threading.Timer(seconds + PATIENCE_S, process.kill)
        watchdog.start()
        sizes = [memory_after(process, wait) for wait in (5, max(0, seconds - 5.5))]
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watchdog.cancel()
    if process.returncode:
        lines = log.read_text(errors="replace").strip().splitlines()
        raise Failure(f"{writer.name} ended with {process.returncode}: {lines[-1] if lines else 'no word'} (log: {log})")
    return json.loads(told), (usage.ru_utime + usage.ru_stime, *sizes)


def memory_after(process, wait):
    time.sleep(wait)
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmRSS:")), 0)
    except FileNotFoundError:
        return 0


class Records:
    """The calls about cards, fetched while they come in: each holds a whole text, and the simulator forgets the oldest."""

    def __init__(self, simulator):
        self.simulator, self.all, self.next = simulator, [], 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.follow)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.look()

    def follow(self):
        while not self.over.wait(LOOK_S):
            self.look()

    def look(self):
        found, self.next = self.simulator.records({"kind": "card"}, self.next)
        for record in found:
            record.pop("body", None)
            self.all.append(record)
