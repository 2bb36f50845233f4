"""What people saw of the cards, moment by moment, from what the simulator kept. Times are ms since 1970."""

import statistics
from bisect import bisect_right
from collections import Counter
from typing import NamedTuple

# The variable of the AI markdown template that the text is in, and its first character.
KEY, FIRST = "msgContent", 0x4E00
ENDS = ("finished", "failed")
SAMPLE_MS = 20
# As many finals get a permit of the governor at once, and the next ones no earlier than so long after them.
PERMITS, PERMIT_MS = 20, 1050
MOST_PUSH_NS = 5000


def text_of(tokens):
    return "".join(chr(FIRST + number % 20_000) for number in range(tokens))


class Model(NamedTuple):
    """What is said: token after token, each of one character, into every card alike."""

    begun: int
    rate: float
    text: str

    def said_at(self, token):
        return self.begun + token * 1000 / self.rate

    def said_by(self, moment):
        return min(len(self.text), int((moment - self.begun) * self.rate / 1000) + 1)

    def age(self, moment, shown):
        """How long the shown text has not been the newest."""
        return max(0, moment - self.said_at(shown)) if shown < self.said_by(moment) else 0


class Written:
    """What one text became: the cards that it is in, one after the other."""

    def __init__(self, cards, model):
        states = {card["state"] for card in cards}
        self.moments, self.shown = [], []
        views = [(view["at"], number, view["params"]) for number, card in enumerate(cards) for view in card["views"]]
        parts = [""] * len(cards)
        for at, number, params in sorted(views, key=lambda view: view[:2]):
            parts[number] = params.get(KEY, "")
            self.moments.append(at)
            self.shown.append(beginning(parts, model.text))
        self.is_whole = bool(cards) and self.shown[-1:] == [len(model.text)] and states == {"finished"}

    def shown_at(self, moment):
        index = bisect_right(self.moments, moment) - 1
        return self.shown[index] if index >= 0 else 0

    def whole_at(self, model):
        moments = zip(self.moments, self.shown)
        return next((at for at, shown in moments if shown == len(model.text)), None)


def beginning(parts, text):
    """How much of the text the parts show, from its beginning on; what is shown until there is text is none of it."""
    shown = 0
    for part in parts:
        if not text.startswith(part, shown):
            break
        shown += len(part)
    return shown


def figures(told, records, cards, model):
    """Everything about one run, with sentences about what is wrong."""
    known = {card["outTrackId"]: card for card in cards}
    tracks = [card["told"].get("tracks") or [] for card in told["cards"]]
    texts = [Written([known[track] for track in own if track in known], model) for own in tracks]
    ends = [card["ended"] for card in told["cards"]]
    ages = [ages_of(text, end, model) for text, end in zip(texts, ends)]
    every = sorted(age for own in ages for age in own)
    wholes = [text.whole_at(model) for text in texts]
    waits = [max(0, whole - end) for whole, end in zip(wholes, ends) if whole]
    calls = calls_of(tracks, records)
    refused = Counter(record.get("code", record["status"]) for record in records if record["status"] != 200)
    return {
        "texts": len(texts),
        "cards": sum(map(len, tracks)),
        "whole": sum(text.is_whole for text in texts),
        "open": sum(card["state"] not in ENDS for card in cards if card["views"]),
        "calls": len(records),
        "calls_typical": statistics.median(calls) if calls else 0,
        "calls_most": max(calls, default=0),
        "refused": sum(refused.values()),
        "refusals": dict(refused),
        "age_typical": statistics.median(every),
        "age_p95": every[len(every) * 95 // 100],
        "age_most": every[-1],
        # Fairness: the medians of the best and the worst served text.
        "age_of_best": min(map(statistics.median, ages)),
        "age_of_worst": max(map(statistics.median, ages)),
        "seen_most": max((text.moments[0] - model.begun for text in texts if text.moments), default=None),
        "wait_typical": statistics.median(waits) if waits else None,
        "wait_most": max(waits, default=None),
        "after_permit": after_permit(min(ends), records),
    }


def ages_of(text, end, model):
    return [model.age(at, text.shown_at(at)) for at in range(model.begun, end + 1, SAMPLE_MS)]


def calls_of(tracks, records):
    """The calls that each text took; cards that the program does not know of count for themselves."""
    owner = {track: number for number, own in enumerate(tracks) for track in own}
    return list(Counter(owner.get(record["outTrackId"], record["outTrackId"]) for record in records).values())


def after_permit(end, records):
    """How long after its permit the last text of a card was there, at most.

    The permits themselves can't be seen. But the governor lets no more than PERMITS calls pass in any PERMIT_MS, so the
    first so many finals had theirs no earlier than the end of the model, the next ones no earlier than PERMIT_MS after it,
    and so on. What stands in line behind the updates of the last second counts against us here."""
    arrived = sorted(record["at"] for record in records if record.get("isFinalize") and record["at"] >= end)
    bounds = (at - end - place // PERMITS * PERMIT_MS for place, at in enumerate(arrived))
    return max(bounds, default=None)


def wrong(found, told, most_calls):
    """What is not as it has to be, of our sessions; `most_calls` may be None."""
    errors = [card["told"]["error"] for card in told["cards"] if "error" in card["told"]]
    degraded = [card["told"]["degraded"] for card in told["cards"] if card["told"].get("degraded")]
    yield from (f"a session failed: {error}" for error in sorted(set(errors)))
    yield from (f"a session went out as a message: {error}" for error in sorted(set(map(str, degraded))))
    if most_calls and found["calls_most"] > most_calls:
        yield f"a text took {found['calls_most']} calls"
    if found["refused"]:
        yield f"{found['refused']} calls were refused: {found['refusals']}"
    if found["whole"] < found["texts"]:
        yield f"{found['texts'] - found['whole']} texts did not end whole"
    # Of one card every push is the first thing that a processor does after its sleep.
    if found["texts"] > 1 and told["pushNs"]["p50"] > MOST_PUSH_NS:
        yield f"a push took {told['pushNs']['p50']} ns"
