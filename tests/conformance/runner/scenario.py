"""Scenarios: reading them, and refusing those that could not be played."""

import json
from pathlib import Path

from .failure import Failure

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"

FIELDS = {"claim", "languages", "secrets", "steps"}

# The verb of each step, with the fields that may stand beside it.
VERBS = {
    "start": {"connections", "environment", "options"},
    "push": {"as"},
    "answer": {"to", "times"},
    "reply": set(),
    "record": {"times", "as"},
    "count": {"is"},
    "order": set(),
    "line": set(),
    "lineFits": set(),
    "stderr": set(),
    "states": set(),
    "began": set(),
    "connect": set(),
    "app": set(),
    "settings": set(),
    "break": set(),
    "heal": set(),
    "file": set(),
    "plant": set(),
    "robot": set(),
    "template": set(),
    "card": set(),
    "cards": set(),
    "typed": set(),
    "forget": set(),
    "clock": set(),
    "proxy": {"auth"},
    "proxyUsed": set(),
    "front": set(),
    "strike": set(),
    "mend": set(),
    "signal": set(),
    "kill": set(),
    "exit": set(),
    "stop": set(),
}


class Scenario:
    def __init__(self, path):
        self.name = path.stem
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Failure(f"{path.name} is not JSON: {error}") from None
        unknown = sorted(set(told) - FIELDS)
        if unknown or not told.get("claim") or not told.get("steps"):
            raise Failure(f"{path.name} needs a claim and steps, and knows no {', '.join(unknown) or 'others'}")
        self.claim, self.steps = told["claim"], [expanded(step) for step in told["steps"]]
        self.languages, self.secrets = told.get("languages"), told.get("secrets", [])
        for step in self.steps:
            verb = verb_of(step)
            if verb is None or set(step) - {verb} - VERBS[verb]:
                raise Failure(f"{path.name} has a step that nobody can play: {json.dumps(step)[:200]}")

    def __str__(self):
        return self.name

    def speaks(self, language):
        return self.languages is None or language in self.languages


def verb_of(step):
    verbs = [name for name in step if name in VERBS]
    return verbs[0] if len(verbs) == 1 else None


def expanded(value):
    """The value with every {"$repeat": [text, times]} written out."""
    if isinstance(value, dict):
        if set(value) == {"$repeat"}:
            text, times = value["$repeat"]
            return text * times
        return {key: expanded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [expanded(part) for part in value]
    return value


def load(names):
    """All of them, or those with these names, in the order of their names."""
    known = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
    for name in names:
        if name not in known:
            raise Failure(f"there is no scenario {name}")
    return [Scenario(path) for name, path in known.items() if not names or name in names]
