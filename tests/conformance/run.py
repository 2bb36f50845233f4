"""Runs the conformance scenarios against a simulator, with one bot per language. README.md says what a scenario is."""

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from runner import conditions, languages, simulator
from runner import scenario as scenarios
from runner.failure import Failure
from runner.play import Play
from runner.program import Program
from runner.report import evidence

IS_CI = os.environ.get("CI") == "true"


def arguments():
    parser = argparse.ArgumentParser(description="Plays the conformance scenarios with the bots of all languages.")
    parser.add_argument("--language", action="append", choices=languages.LANGUAGES, help="only this one, or several")
    parser.add_argument("--scenario", action="append", default=[], help="only this one, or several")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="how many plays at a time")
    patience = 120 if IS_CI else 30
    parser.add_argument("--patience", type=float, default=patience, help="seconds that a step waits for its event")
    parser.add_argument("--list", action="store_true", help="print the claims and play nothing")
    return parser.parse_args()


def play(program, language, scenario, patience):
    """Why it fails and what was seen, or None."""
    with simulator.Simulator(program) as platform, Play(scenario, language, platform, patience) as running:
        try:
            running.run()
            return None
        except Failure as failure:
            return f"{failure}\n{evidence(running)}"


def those_present(asked, why_missing, must_be):
    """Those to play, and how many of them are missing where they must not be."""
    present, missing = [], 0
    for one in asked:
        reason = why_missing(one)
        if reason is None:
            present.append(one)
        elif must_be or IS_CI:
            missing += 1
            print(f"FAIL {one}: {reason}", flush=True)
        else:
            print(f"skip {one}: {reason}", flush=True)
    return present, missing


def interrupted(number, _):
    Program.starting.acquire()
    for started in list(Program.live):
        started.kill()
    os._exit(128 + number)


def main():
    asked = arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    try:
        loaded = scenarios.load(asked.scenario)
        if asked.list:
            for scenario in loaded:
                print(f"{scenario.name}: {scenario.claim}")
            return 0
        program = simulator.program()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 2

    named = asked.language or languages.LANGUAGES
    spoken, unspoken = those_present(named, languages.why_missing, bool(asked.language))
    loaded, unplayable = those_present(loaded, conditions.why_missing, bool(asked.scenario))
    passed, failed = 0, unspoken + unplayable
    with ThreadPoolExecutor(asked.jobs) as pool:
        plays = {
            pool.submit(play, program, language, scenario, asked.patience): (language, scenario)
            for language in spoken
            for scenario in loaded
            if scenario.speaks(language)
        }
        for done in as_completed(plays):
            language, scenario = plays[done]
            failure = done.result()
            if failure is None:
                passed += 1
                print(f"ok   {language} {scenario.name}: {scenario.claim}", flush=True)
            else:
                failed += 1
                print(f"FAIL {language} {scenario.name}: {scenario.claim}\n{failure}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
