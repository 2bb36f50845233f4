"""A simulator of its own for every play, and its control API."""

import urllib.parse

from .service import Service, binary


def program():
    return binary("dingstream-simulator", "SIMULATOR")


class Simulator(Service):
    def records(self, fields, since=0, count=0, wait_ms=0):
        """What happened since and has these fields, as soon as it happened `count` times or the wait is over; and the
        number from which on everything is news."""
        query = urllib.parse.urlencode({**fields, "since": since, "count": count, "wait": wait_ms})
        answer = self.told(f"records?{query}", wait_ms)
        return answer["records"], answer["next"]
