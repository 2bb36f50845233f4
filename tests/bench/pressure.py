"""More than a client can take. It refuses what does not fit, and goes on answering control frames at once."""

import sys
from typing import NamedTuple

import ours
import report

# How long a handler takes, where handlers are slow.
WORK_MS = 10
# Within which a control frame is to be answered.
CONTROL_MS = 50
# How much memory may grow: the inbox holds 10,000 deliveries of at most 64 MiB together. Some collectors run when they
# see fit.
GROWTH_MIB, COLLECTED_MIB = 64, 192
COLLECTED = ("csharp-coreclr", "node")


class Scenario(NamedTuple):
    name: str
    options: tuple
    handlers_are_slow: bool = False


SCENARIOS = [
    Scenario(f"handlers of {WORK_MS} ms, 20,000 a second", ("--messages", 60_000, "--a-second", 20_000), True),
    Scenario("the server hardly reads for 3 s", ("--messages", 100_000, "--slow-read", 3)),
    Scenario("a burst", ("--messages", 100_000)),
]


def run(chosen, turns):
    rows = []
    for client in chosen:
        if client.peer:
            rows += (row for scenario in SCENARIOS if (row := tried(client, scenario, turns)))
    print(file=sys.stderr)
    print(f"\n### under pressure: control frames within {CONTROL_MS} ms")
    print(f"\nMemory may grow by {GROWTH_MIB} MiB, or by {COLLECTED_MIB} where a collector runs when it sees fit.")
    columns = ["<client", "<what", "s", "answered 200", "refused", "MiB before", "at most"]
    columns += ["control frames", "p50 ms", "p99", "worst", "<"]
    report.table(columns, rows)


def growth_mib(name):
    return COLLECTED_MIB if name in COLLECTED else GROWTH_MIB


def tried(client, scenario, turns):
    if scenario.handlers_are_slow:
        client = ours.slow(client.name, WORK_MS)
    figures = client and turns.take(client, *scenario.options, what="pressure", wrong=wrong)
    return figures and row(client.name, scenario.name, figures)


def wrong(figures):
    """Being refused is an answer; not being answered is no figure at all."""
    if isinstance(figures, str):
        return figures
    if figures["handled"] != figures["answered"]:
        return f"{figures['answered']} answers with code 200, but the bot handled {figures['handled']}"
    return None


def row(name, scenario, figures):
    controls = [f"{figures[f'control_{which}_us'] / 1000:.1f}" for which in ("p50", "p99", "most")]
    return [
        name,
        scenario,
        f"{figures['seconds']:.1f}",
        f"{figures['answered']:,}",
        f"{figures['refused']:,}",
        report.mib(figures["before_kib"]),
        report.mib(figures["peak_kib"]),
        figures["controls"],
        *(controls if figures["controls"] else [""] * 3),
        verdict(name, figures),
    ]


def verdict(name, figures):
    missed = []
    if figures["control_most_us"] > CONTROL_MS * 1000:
        missed.append("control frames")
    if figures["peak_kib"] - figures["before_kib"] > growth_mib(name) * 1024:
        missed.append("memory")
    return f"MISSED: {', '.join(missed)}" if missed else "reached"
