"""How long a client is without any socket: after DingTalk asks it to disconnect, and after its connection drops. The
simulator measures it, from the end of the last connection to the next upgrade."""

import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import clients
import report

sys.path.insert(0, str(clients.ROOT / "tests" / "conformance"))
from runner.failure import Failure
from runner.simulator import Simulator, program

# A peer may wait for the server's close, which comes 10 s after the request, before it even tries.
PATIENCE_S = 30
# Ours opens ten connections a minute without a pause unless told otherwise.
OPTIONS = '{"immediate_opens": 1000}'


def run(chosen, turns):
    """Peers mostly wait, so they do that together; ours have the machine to themselves."""
    clients.quietly("cargo", "build", "--release", "-p", "dingstream-simulator")
    peers = [client for client in chosen if client.name.endswith("-sdk")]
    with ThreadPoolExecutor(max(1, len(peers))) as pool:
        found = dict(zip((peer.name for peer in peers), pool.map(lambda peer: measure(peer, turns), peers)))
    found.update((client.name, measure(client, turns)) for client in chosen if client.peer)
    print("\n### ms without a socket")
    rows = [[name, shown(gaps["disconnect"], turns), shown(gaps["drop"], turns)] for name, gaps in found.items()]
    report.table(["<client", "at disconnect", "after a drop"], rows)


def measure(client, turns):
    """The gaps in ms at `disconnect` and after a drop; those of a client that does not come back are missing."""
    return {what: list(alone(client, what, turns)) for what in ("disconnect", "drop")}


def alone(client, what, turns):
    """A simulator each: what still drains after a disconnect is a socket, and would hide a drop."""
    with Simulator(program()) as simulator:
        simulator.order("settings", {"pingMs": 0})
        command = [word.replace("{url}", simulator.url) for word in client.command]
        environment = client.environ(DINGSTREAM_BOT_OPTIONS=OPTIONS)
        log = (clients.BUILD / f"{client.name}-gaps.log").open("w")
        bot = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=log)
        try:
            connects(simulator, 1)
            yield from gaps(simulator, what, turns)
        finally:
            bot.terminate()
            bot.wait()
            log.close()


def gaps(simulator, what, turns):
    for _ in range(turns):
        before = len(simulator.records({"kind": "connect", "status": 101})[0])
        simulator.order("break", {"what": what})
        try:
            yield connects(simulator, before + 1)[-1]["gap"] / 1000
        except Failure:
            return


def connects(simulator, count):
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found, news = simulator.records({"kind": "connect", "status": 101})
        if len(found) >= count:
            return found
        left_ms = int((deadline - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise Failure("it did not come back")
        simulator.records({"kind": "connect"}, news, 1, min(left_ms, 1000))


def shown(found, turns):
    if not found:
        return "never came back"
    told = f"{statistics.median(found):,.1f} (worst {max(found):,.1f})"
    return told if len(found) == turns else f"{told}, {len(found)} of {turns}"
