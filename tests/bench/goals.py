"""What is asked of each of ours, and what a run says to that. A goal has a must and often a stretch."""

import operator
from typing import Callable, NamedTuple, Optional

from report import table
from turns import QUIET

# The one at which goals of rate and CPU hold.
WINDOW = 64


class Goal(NamedTuple):
    name: str
    # From the figures of one and of its peer, by window, and those of raw.
    value: Callable
    must: Optional[float] = None
    stretch: Optional[float] = None
    at_least: bool = False
    unit: str = " ×"
    window: int = WINDOW

    def holds(self, value, bound):
        return bound is None or (operator.ge if self.at_least else operator.le)(round(value, 3), bound)

    def asked(self):
        sign = "≥" if self.at_least else "≤"
        bounds = [f"{bound:g}" for bound in (self.must, self.stretch) if bound is not None]
        return f"{sign} {', '.join(bounds)}"


def ratio(key, window=WINDOW):
    return lambda own, peer, raw: own[window][key] / peer[window][key]


def rate(must, stretch):
    return Goal("rate", ratio("rate"), must, stretch, at_least=True)


def cpu(must, stretch):
    return Goal("CPU", ratio("cpu_us"), must, stretch)


LATENCY = [Goal("p99", ratio("p99_us"), 1), Goal("p50 at window 1", ratio("p50_us", 1), 0.999, window=1)]
# These figures come from a machine on which the plain loop took 4.6 µs a message; the share holds on any.
COMPILED = [
    rate(1.3, 1.6),
    Goal("CPU µs", lambda own, peer, raw: own[WINDOW]["cpu_us"], 3.5, 2.5, unit=""),
    cpu(0.76, 0.54),
    Goal("rate of raw", lambda own, peer, raw: own[WINDOW]["rate"] / raw[WINDOW]["rate"], None, 0.45, at_least=True),
    *LATENCY,
]
MANAGED = [rate(4, 6), cpu(0.25, 0.2), *LATENCY]
PYTHON = [rate(5, 8), cpu(0.25, 0.167), *LATENCY]
GOALS = {
    "rust": COMPILED,
    "c-batch": COMPILED,
    "c-callback": COMPILED,
    "csharp-coreclr": MANAGED,
    "csharp-mono": MANAGED,
    "php": MANAGED,
    "python-async": PYTHON,
    "python-plain": PYTHON,
    "node": [rate(2, 3), cpu(0.6, 0.45), *LATENCY],
}


def show(clients, figures):
    """`figures` are those of each client, by window. A goal whose windows or peers were not measured is left out."""
    rows = []
    for client in clients:
        own, peer = figures.get(client.name, {}), figures.get(client.peer, {})
        for goal in GOALS.get(client.name, []):
            try:
                value = goal.value(own, peer, figures.get("raw", {}))
            except KeyError:
                continue
            disturbed = max(own[goal.window]["others"], peer[goal.window]["others"]) > QUIET
            verdict = judged(goal, value) + (" (disturbed)" if disturbed else "")
            rows.append([client.name, client.peer, goal.name, goal.asked(), f"{value:.2f}{goal.unit}", verdict])
    if rows:
        print(f"\n### goals: what must be, and what we stretch to; at window {WINDOW} where nothing else is said")
        table(["<client", "<against", "<goal", "<must, stretch", "here", "<"], rows)


def judged(goal, value):
    if goal.must is None:
        return "reached (stretch)" if goal.holds(value, goal.stretch) else "below the stretch"
    if not goal.holds(value, goal.must):
        return "MISSED"
    return "reached (stretch)" if goal.stretch is not None and goal.holds(value, goal.stretch) else "reached"
