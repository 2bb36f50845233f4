"""The steps about cards, which look at them as people do."""

from .checks import fits, shown
from .failure import Failure


class Cards:
    """What a play does with the simulator's cards. Needs its `simulator`, `resolved` and `slices`."""

    def do_template(self, template, _):
        self.simulator.order("templates", template)

    def do_card(self, wanted, _):
        wanted = self.resolved(wanted)
        self.wait_for_cards(lambda cards: any(fits(card, wanted) for card in cards))

    def do_cards(self, wanted, _):
        wanted = self.resolved(wanted)
        self.wait_for_cards(lambda cards: fits(cards, wanted))

    def do_typed(self, text, _):
        self.wait_for_cards(
            lambda cards: all(has_ended(card) for card in cards) and read(cards) == without_spaces(text)
        )

    def do_forget(self, wanted, _):
        wanted = self.resolved(wanted)
        cards = self.wait_for_cards(lambda cards: any(fits(card, wanted) for card in cards))
        for card in cards:
            if fits(card, wanted):
                self.simulator.order("cards/forget", {"outTrackId": card["outTrackId"]})

    def wait_for_cards(self, right):
        """All cards, once they are right. They change by what is recorded."""
        slices = self.slices()
        while True:
            _, news = self.simulator.records({"kind": "card"})
            cards = self.simulator.told("cards")["cards"]
            if right(cards):
                return cards
            wait_ms = next(slices, None)
            if wait_ms is None:
                raise Failure(f"people see {shown([seen(card) for card in cards])}")
            self.simulator.records({}, news, 1, wait_ms)


def has_ended(card):
    return card["state"] in ("finished", "failed")


def read(cards):
    """The texts of AI cards, one behind the other."""
    return without_spaces("".join(text for card in cards for text in texts(card)))


def texts(card):
    return [space["params"].get("msgContent", "") for space in card["spaces"]]


def seen(card):
    return {"state": card["state"], "spaces": [space["params"] for space in card["spaces"]]}


def without_spaces(text):
    """Where a long text is cut, the space there is gone."""
    return "".join(text.split())
