"""The tables, as Markdown, so that they can be pasted where they are read."""

import statistics

RATIOS = ("rate", "cpu_us", "p50_us", "p99_us")
# Above this growth between 100,000 and 1,000,000 deliveries, memory is not called flat.
GROWTH, GROWTH_KIB = 0.05, 2048


def table(columns, rows):
    """Columns are names; those that begin with `<` hold words, all others figures."""
    print(f"\n| {' | '.join(column.lstrip('<') for column in columns)} |")
    print(f"| {' | '.join('---' if column.startswith('<') else '---:' for column in columns)} |")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")


def comparison(window, clients, figures):
    print(f"\n### window {window}")
    columns = ["<client", "messages/s", "p50 µs", "p99 µs", "CPU µs/message", "wake-ups/message", "peak MiB"]
    columns += ["endpoint", "others", "rate", "CPU", "p50", "p99", "<against"]
    present = [client for client in clients if client.name in figures]
    table(columns, (comparison_row(client, figures[client.name], figures.get(client.peer)) for client in present))


def comparison_row(client, own, peer):
    return [
        client.name,
        f"{own['rate']:,.0f}",
        f"{own['p50_us']:,.1f}",
        f"{own['p99_us']:,.1f}",
        f"{own['cpu_us']:.2f}",
        f"{own['wakes']:.2f}",
        mib(own["peak_kib"]),
        f"{own['endpoint']:.0%}",
        f"{own['others']:.0%}",
        *(f"{own[key] / peer[key]:.2f} ×" if peer else "" for key in RATIOS),
        client.peer if peer else "",
    ]


def memory(rows):
    told = []
    for name, early, late, peak in rows:
        growth = late - early
        verdict = "flat" if growth <= max(GROWTH_KIB, GROWTH * early) else "GROWS"
        told.append([name, mib(early), mib(late), f"{growth / 1024:+.1f}", mib(peak), verdict])
    table(["<client", "MiB after 100,000", "MiB after 1,000,000", "growth", "peak MiB", "<"], told)


def requests(taken):
    columns = [
        "<requests",
        "messages/s",
        "p50 µs",
        "p99 µs",
        "CPU µs/message",
        "requests made",
        "tokens fetched",
        "others",
    ]
    table(columns, (requests_row(name, rounds) for name, rounds in taken.items() if rounds))


def requests_row(name, rounds):
    keys = ("rate", "p50_us", "p99_us", "cpu_us", "calls", "tokens", "others")
    middle = {key: statistics.median(figures[key] for figures in rounds) for key in keys}
    cells = [name, f"{middle['rate']:,.0f}", *(f"{middle[key]:.1f}" for key in ("p50_us", "p99_us", "cpu_us"))]
    # One of them opened the connection.
    return [*cells, f"{middle['calls'] - 1:,.0f}", f"{middle['tokens']:.0f}", f"{middle['others']:.0%}"]


def mib(kib):
    return f"{kib / 1024:.1f}"


def cards(taken):
    """What people saw, and what it cost."""
    columns = ["cards", "calls each", "most", "refused", "of all", "age s, median", "p95", "worst"]
    columns += ["whole after s, median", "worst", "whole", "left open"]
    table(columns, (seen(name, found) for name, found in taken.items()))
    columns = [
        "cards",
        "push ns, median",
        "p99",
        "CPU ms a card",
        "MiB after 5 s",
        "at the end",
        "first seen after s, worst",
    ]
    columns += ["age of the best served", "of the worst", "whole after its permit s, at most"]
    table(columns, (cost(name, found) for name, found in taken.items()))


def seen(name, found):
    counts = (f"{found[key]:,.0f}" for key in ("calls_typical", "calls_most", "refused", "calls"))
    times = ("age_typical", "age_p95", "age_most", "wait_typical", "wait_most")
    ends = [f"{found['whole']} of {found['texts']}", found["open"]]
    return [name, *counts, *(seconds(found[key]) for key in times), *ends]


def cost(name, found):
    push = found["push_ns"]
    cells = [name, *(f"{push[key]:,}" if push else "" for key in ("p50", "p99")), f"{found['cpu_ms']:,.1f}"]
    cells += [mib(found[key]) for key in ("early_kib", "late_kib")]
    cells += [seconds(found[key]) for key in ("seen_most", "age_of_best", "age_of_worst")]
    return [*cells, seconds(found["after_permit"]) if push else ""]


def seconds(ms):
    return "never" if ms is None else f"{ms / 1000:.2f}"
