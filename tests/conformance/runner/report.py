"""What a failure shows: what the bot printed and what the simulator recorded."""

from .cards import seen
from .checks import compact, shown
from .failure import Failure


def evidence(play):
    lines = []
    for bot in play.bots:
        lines += section(f"the bot {bot.behaviour} printed", [shown(line) for line in list(bot.out.read)])
        lines += section("and on standard error", bot.err.read[-40:])
    if play.proxy is not None:
        lines += section("the proxy wrote", play.proxy.log.read[-40:])
    try:
        if play.front is not None:
            lines += section("the fault proxy told", [shown(play.front.told("ledger"))])
        records, _ = play.simulator.records({})
        lines += section("the simulator recorded", [shown(record) for record in records])
        lines += section("people see", [compact(seen(card)) for card in play.simulator.told("cards")["cards"]])
    except (Failure, OSError) as error:
        lines.append(f"  the simulator no longer answers: {error}")
    return "\n".join(lines)


def section(title, lines):
    return [f"  {title}:", *(f"    {line}" for line in lines)] if lines else []
