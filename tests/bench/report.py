"""The tables, as Markdown, so that they can be pasted where they are read."""

import statistics

from gaps import shown

SHOWN = ("rate", "p50_us", "p99_us", "cpu_us", "peak_kib", "others")
# A turn counts as undisturbed when other processes used at most this share of the machine.
QUIET = 0.05
RATIOS = ("rate", "cpu_us", "p50_us")

# What the design asks at window 64: times the peer's rate, and at most this share of its CPU or this much of it.
GOALS = {
    "rust": (1.3, None, 3.5),
    "c": (1.3, None, 3.5),
    "csharp-coreclr": (4, 0.25, None),
    "csharp-mono": (4, 0.25, None),
    "php": (4, 0.25, None),
    "python": (5, 0.25, None),
    "node": (2, 0.6, None),
}
# Above this growth between 100,000 and 1,000,000 deliveries, memory is not called flat.
GROWTH, GROWTH_KIB = 0.05, 2048


def comparison(window, clients, figures):
    print(f"\n### window {window}\n")
    print("| client | messages/s | p50 µs | p99 µs | CPU µs/message | peak MiB | others | rate | CPU | p50 | against | goal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |")
    for client in clients:
        if client.name not in figures:
            continue
        own, peer = figures[client.name], figures.get(client.peer)
        ratios = {key: own[key] / peer[key] for key in RATIOS} if peer else {}
        cells = [
            client.name,
            f"{own['rate']:,.0f}",
            f"{own['p50_us']:,.1f}",
            f"{own['p99_us']:,.1f}",
            f"{own['cpu_us']:.2f}",
            f"{own['peak_kib'] / 1024:.1f}",
            f"{own['others']:.0%}",
            *(f"{ratios[key]:.2f} ×" if peer else "" for key in RATIOS),
            client.peer if peer else "",
            verdict(window, client.name, own, peer, ratios) if peer else "",
        ]
        print(f"| {' | '.join(cells)} |")


def verdict(window, name, own, peer, ratios):
    disturbed = max(own["others"], peer["others"]) > QUIET
    return goal(window, name, own, ratios) + (" (disturbed)" if disturbed else "")


def goal(window, name, own, ratios):
    if window == 1:
        return "reached" if ratios["p50_us"] < 1 else "missed: p50 below the peer's"
    rate, share, cpu = GOALS[name]
    missed = []
    if ratios["rate"] < rate:
        missed.append(f"rate ≥ {rate} ×")
    if share and ratios["cpu_us"] > share:
        missed.append(f"CPU ≤ {share} ×")
    if cpu and own["cpu_us"] > cpu:
        missed.append(f"CPU ≤ {cpu} µs")
    return f"missed: {', '.join(missed)}" if missed else "reached"


def memory(rows):
    print("\n| client | MiB after 100,000 | MiB after 1,000,000 | growth | peak MiB | |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, early, late, peak in rows:
        growth = late - early
        verdict = "flat" if growth <= max(GROWTH_KIB, GROWTH * early) else "GROWS"
        sizes = (f"{kib / 1024:.1f}" for kib in (early, late))
        print(f"| {name} | {' | '.join(sizes)} | {growth / 1024:+.1f} | {peak / 1024:.1f} | {verdict} |")


def idle(figures):
    print("\n| clients in one process | MiB with one | MiB with all | KiB each | threads with one | with all | CPU ms/s | all connected after |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    cells = [
        f"{figures['clients']:,}",
        f"{figures['one_kib'] / 1024:.1f}",
        f"{figures['many_kib'] / 1024:.1f}",
        f"{figures['kib_each']:.1f}",
        figures["threads_one"],
        figures["threads_many"],
        f"{figures['cpu_ms_a_second']:.1f}",
        f"{figures['connected_ms']:,} ms",
    ]
    print(f"| {' | '.join(map(str, cells))} |")


def requests(taken):
    print("\n| requests | messages/s | p50 µs | p99 µs | CPU µs/message | requests made | tokens fetched | others |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, rounds in taken.items():
        keys = ("rate", "p50_us", "p99_us", "cpu_us", "calls", "tokens", "others")
        middle = {key: statistics.median(figures[key] for figures in rounds) for key in keys}
        cells = [f"{middle['rate']:,.0f}", *(f"{middle[key]:.1f}" for key in ("p50_us", "p99_us", "cpu_us"))]
        # One of them opened the connection.
        cells += [f"{middle['calls'] - 1:,.0f}", f"{middle['tokens']:.0f}", f"{middle['others']:.0%}"]
        print(f"| {name} | {' | '.join(cells)} |")


def gaps(measured, turns):
    print("\n| client | ms without a socket at disconnect | after a drop |")
    print("| --- | ---: | ---: |")
    for name, found in measured.items():
        print(f"| {name} | {shown(found['disconnect'], turns)} | {shown(found['drop'], turns)} |")


def cards(taken):
    """What people saw, and what it cost."""
    ages, waits = ("age_typical", "age_p95", "age_most"), ("wait_typical", "wait_most")
    print("\n| cards | calls each | most | refused | of all | age s, median | p95 | worst | whole after s, median | worst | whole | left open |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, found in taken.items():
        cells = [name, *(f"{found[key]:,.0f}" for key in ("calls_typical", "calls_most", "refused", "calls"))]
        cells += [*(seconds(found[key]) for key in (*ages, *waits)), f"{found['whole']} of {found['texts']}", f"{found['open']}"]
        print(f"| {' | '.join(cells)} |")
    print("\n| cards | push ns, median | p99 | CPU ms a card | MiB after 5 s | at the end | first seen after s, worst | age of the best served | of the worst | whole after its permit s, at most |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, found in taken.items():
        push = found["push_ns"]
        cells = [name, *(f"{push[key]:,}" if push else "" for key in ("p50", "p99")), f"{found['cpu_ms']:,.1f}"]
        cells += [f"{found[key] / 1024:.1f}" for key in ("early_kib", "late_kib")]
        cells += [seconds(found[key]) for key in ("seen_most", "age_of_best", "age_of_worst")]
        cells += [seconds(found["after_permit"]) if push else ""]
        print(f"| {' | '.join(cells)} |")


def seconds(ms):
    return "never" if ms is None else f"{ms / 1000:.2f}"
