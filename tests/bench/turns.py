"""Single turns of single clients, and what is typical of several."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import clients

# A turn counts as undisturbed when other processes used at most this share of the machine.
QUIET = 0.05


def measure(client, *options, what="measure"):
    """The figures of one turn, or a sentence that says why there are none."""
    command = [str(clients.binary("dingstream-bench")), what, *map(str, options), "--", *client.command]
    log = clients.BUILD / f"{client.name}.log"
    with log.open("w") as errors:
        done = subprocess.run(command, env=client.environ(), stdout=subprocess.PIPE, stderr=errors, text=True)
    if done.returncode:
        lines = log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"ended with {done.returncode}"
    return json.loads(done.stdout)


def wrong(figures):
    """What the counts of a turn tell against it."""
    if isinstance(figures, str):
        return figures
    if figures.get("refused"):
        return f"{figures['refused']} answers had another code than 200"
    if figures["handled"] != figures["answered"]:
        return f"{figures['answered']} answers, but the bot handled {figures['handled']}"
    return None


class Turns:
    """Runs turns and keeps what went wrong."""

    def __init__(self, save=None):
        self.save = save and Path(save)
        self.failures = []
        if self.save:
            self.save.write_text("")

    def take(self, client, *options, what="measure", wrong=wrong):
        figures = measure(client, *options, what=what)
        problem = wrong(figures)
        if problem:
            self.failures.append(f"{client.name}: {problem} (log: {(clients.BUILD / client.name).with_suffix('.log')})")
            return None
        if self.save:
            with self.save.open("a") as file:
                print(json.dumps({"client": client.name, **figures}), file=file)
        print(".", end="", file=sys.stderr, flush=True)
        return figures


def typical(turns):
    """The medians of the turns that had the machine to themselves; where none had, of all."""
    alone = [turn for turn in turns if turn["others"] <= QUIET] or turns
    return {key: statistics.median(values) for key in alone[0] if (values := numbers(alone, key))}


def numbers(turns, key):
    return [turn[key] for turn in turns if isinstance(turn[key], (int, float))]
