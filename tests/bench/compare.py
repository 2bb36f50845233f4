"""Every client in turn, several rounds, at several windows."""

import statistics
import sys

import goals
import report
import turns as one


def run(chosen, options, turns):
    length = ("--messages", options.messages) if options.messages else ("--seconds", options.seconds)
    typical = {client.name: {} for client in chosen}
    starts = {client.name: [] for client in chosen}
    for window in map(int, options.windows.split(",")):
        taken = {client.name: [] for client in chosen}
        for _ in range(options.rounds):
            for client in chosen:
                figures = turns.take(client, "--window", window, "--warm-up", options.warm_up, *length)
                if figures:
                    taken[client.name].append(figures)
                    starts[client.name].append(figures["first_ms"])
        print(file=sys.stderr)
        for name, some in taken.items():
            if some:
                typical[name][window] = one.typical(some)
        report.comparison(window, chosen, {name: of[window] for name, of in typical.items() if window in of})
    goals.show(chosen, typical)
    show_starts(chosen, {name: [ms for ms in some if ms is not None] for name, some in starts.items()})


def show_starts(chosen, starts):
    """Every turn was a start."""
    print("\n### from the start of the process to its first answer")
    rows = []
    for client in chosen:
        some = starts[client.name]
        if some:
            rows.append([client.name, f"{statistics.median(some):,.0f}", f"{max(some):,.0f}", len(some)])
    report.table(["<client", "ms, median", "worst", "starts"], rows)
