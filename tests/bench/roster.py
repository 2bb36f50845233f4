"""Who is measured: those that are named, or all."""

import sys

import clients
import ours
import peers

NAMES = [*peers.PREPARE, *ours.PEERS]


def prepare(named, with_peers=True):
    """The clients to measure, peers first, and sentences about those that are absent."""
    wanted = {name for word in named for name in meant(word)} or set(NAMES)
    if with_peers:
        wanted |= {ours.PEERS[name] for name in wanted if name in ours.PEERS}
    else:
        wanted &= set(ours.PEERS)
    clients.BUILD.mkdir(parents=True, exist_ok=True)
    clients.built("dingstream-bench")
    chosen, absent = [], []
    for name in NAMES:
        if name in wanted:
            try:
                chosen.append(ours.prepare(name) if name in ours.PEERS else peers.PREPARE[name]())
            except clients.Absent as reason:
                absent.append(f"{name}: {reason}")
    return chosen, absent


def meant(word):
    """A client by its name, or ours by their language."""
    found = [name for name in NAMES if name == word or (name in ours.PEERS and name.split("-")[0] == word)]
    if not found:
        sys.exit(f"there is no client {word}: choose from {', '.join(NAMES)}")
    return found
