"""The judge: holds the clients' history against the books. It asks nobody, so planted lies can test it."""

from collections.abc import Sequence

from bench.torture.books import Books
from bench.torture.history import Call
from bench.torture.rules.acknowledged import acknowledged
from bench.torture.rules.capacity import Jump, capacity
from bench.torture.rules.counts import counts
from bench.torture.rules.keys import keys
from bench.torture.rules.refusals import refusals
from bench.torture.rules.replies import replies
from bench.torture.verdict import Verdict


def judge(calls: Sequence[Call], books: Books, *, jumps: Sequence[Jump] = ()) -> list[Verdict]:
    """H1 to H5 and H7; H6 is the Kafka watcher's. `jumps`: from when to when the clock was moved, monotonic."""
    return [
        acknowledged(calls, books),
        keys(calls),
        refusals(calls, books),
        counts(calls, books),
        capacity(calls, books.seats, jumps=jumps),
        replies(calls),
    ]
