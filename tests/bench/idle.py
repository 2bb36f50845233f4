"""What clients cost that do nothing."""

from concurrent.futures import ThreadPoolExecutor

import clients
import ours
import report
import turns

# One client's wake-ups are so few that they take a while to count.
WATCHED_S = {1: 10}
WATCHED_MANY_S = 5
COUNTS = (1, 100, 1000)


def many(counts, failures):
    """Clients in one process. The bot is the Rust one: every language has these clients below it."""
    clients.built("dingstream-bench")
    clients.built("dingstream-bot")
    command = ["env", "DINGSTREAM_ENDPOINT={url}", str(clients.binary("dingstream-bot")), "idle", "{clients}"]
    found = []
    for count in counts:
        figures = watch(clients.Client("idle", command), count, WATCHED_S.get(count, WATCHED_MANY_S), failures)
        if figures:
            found.append(figures)
    print("\n### clients in one process that do nothing")
    columns = ["clients", "MiB", "KiB for each more", "threads", "CPU ms/s", "wake-ups/s", "all connected after"]
    report.table(columns, (many_row(figures, found[0]) for figures in found))


def many_row(figures, fewest):
    more = figures["clients"] - fewest["clients"]
    each = f"{(figures['memory_kib'] - fewest['memory_kib']) / more:.1f}" if more else ""
    connected = f"{figures['connected_ms']:,} ms"
    return [f"{figures['clients']:,}", report.mib(figures["memory_kib"]), each, *steady(figures), connected]


def each(chosen, failures):
    """A process of each with one client. Idle ones don't disturb each other."""
    bots = [client for client in chosen if client.name not in ("raw", "plain")]
    with ThreadPoolExecutor(len(bots)) as pool:
        found = pool.map(lambda client: watch(client, 1, WATCHED_S[1], failures), bots)
    print("\n### one process with one client that does nothing")
    columns = ["<client", "MiB", "threads", "CPU ms/s", "wake-ups/s", "GiB of 1,000 clients"]
    report.table(columns, (each_row(client, figures) for client, figures in zip(bots, found) if figures))


def each_row(client, figures):
    # A process of ours holds all of them.
    thousand = "" if client.name in ours.PEERS else f"{figures['memory_kib'] * 1000 / 1024 / 1024:.0f}"
    return [client.name, report.mib(figures["memory_kib"]), *steady(figures), thousand]


def steady(figures):
    return [figures["threads"], f"{figures['cpu_ms_a_second']:.1f}", f"{figures['wakes_a_second']:.1f}"]


def watch(client, count, seconds, failures):
    figures = turns.measure(client, count, seconds, what="idle")
    if isinstance(figures, str):
        failures.append(f"{client.name}, idle: {figures}")
        return None
    return figures
