"""Why a scenario does not hold."""


class Failure(Exception):
    """A sentence for the person who reads the report."""
