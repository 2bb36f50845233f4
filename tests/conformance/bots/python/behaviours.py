"""What the bot does, by name."""

from __future__ import annotations

from carding import cards
from erring import errors
from living import iterate, restart, start, stop
from moving import media
from reading import graph, read
from replying import echo, gate, reply, slow, two
from settling import answer, answer_plain, card, decline, fail, later, silent, stats, twice, types
from speaking import say
from typing_cards import type
from waiting import wait

NAMES = {
    behaviour.__name__.replace("_", "-"): behaviour
    for behaviour in (
        *(answer, answer_plain, card, cards, decline, echo, errors, fail, gate, graph, iterate, later, media),
        *(read, reply, restart, say, silent, slow, start, stats, stop, twice, two, type, types, wait),
    )
}
