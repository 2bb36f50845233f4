"""What a scenario needs besides a simulator and a bot, and whether it can be had here."""

from . import front, proxy
from .failure import Failure


def why_missing(scenario):
    """Why the scenario can't be played here, or None where it can."""
    reasons = [why_step_is_missing(step) for step in scenario.steps]
    return next((reason for reason in reasons if reason is not None), None)


def why_step_is_missing(step):
    if "proxy" in step:
        return proxy.why_missing(step["proxy"], step.get("auth", False))
    if "front" in step:
        try:
            front.program()
        except Failure as missing:
            return str(missing)
    return None
