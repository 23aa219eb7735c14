"""How quick a page is, and by how many queries: measured, written down for people, and held against the limits."""

import time
from collections.abc import Mapping
from pathlib import Path

from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST_MILLISECONDS, MOST_QUERIES, FRONT_QUERIES = 300, 15, 25
_TRIES = 9  # the quickest counts: others may be at work on this machine
Measured = Mapping[str, tuple[float, int]]


def measured(client: Client, address: str) -> tuple[float, int]:
    """Milliseconds of the quickest, once one was quick enough, after one that warms up; queries on both connections.

    Each request counts the work lists anew, as when nobody has looked at a page for five seconds.
    """
    assert client.get(address).status_code == 200, address
    cache.clear()
    with CaptureQueriesContext(connection) as ours, CaptureQueriesContext(connections["analytics"]) as theirs:
        client.get(address)
    asked, taken = len(ours) + len(theirs), list[float]()  # now: the next request forgets the queries
    while not taken or (min(taken) >= MOST_MILLISECONDS and len(taken) < _TRIES):
        cache.clear()
        began = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken), asked


def write_down(pages: Measured, name: str) -> None:
    """The figures, slowest first, in `build`: whatever the verdict."""
    lines = (f"{taken:6.0f} ms {asked:3} queries  {address}" for address, (taken, asked) in pages.items())
    file = Path("build") / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(sorted(lines, reverse=True)) + "\n")


def slow(pages: Measured) -> dict[str, tuple[int, int]]:
    """Those that take too long, or too many queries."""
    return {
        address: (round(taken), asked)
        for address, (taken, asked) in pages.items()
        if taken >= MOST_MILLISECONDS or asked >= (FRONT_QUERIES if address == "/admin/" else MOST_QUERIES)
    }
