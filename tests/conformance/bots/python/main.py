"""The conformance bot: one behaviour a run, written with the public API alone."""

import logging
import sys

import behaviours
import report
from dingstream import Error


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    behaviour = behaviours.NAMES.get(name)
    if behaviour is None:
        sys.stderr.write(f"there is no behaviour {name!r}\n")
        return 2
    logging.basicConfig(level=logging.INFO)
    code = 0
    try:
        behaviour()
    except Error as error:
        report.error(error)
        # A start that fails is told apart from a run that fails.
        code = 3 if name == "start" else 1
    report.handled()
    return code


if __name__ == "__main__":
    sys.exit(main())
