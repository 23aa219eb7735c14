"""The small cache: bounded in size and in time."""

import pytest

from altis.privacy.cache import ExpiringCache


class Clock:
    """A monotonic clock that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 100.0
        monkeypatch.setattr("altis.privacy.cache.time.monotonic", lambda: self.time)


def test_entry_lives_for_its_time_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    cache: ExpiringCache[str, int] = ExpiringCache(capacity=10, seconds=5.0)
    cache.put("a", 1)

    clock.time += 4.999
    young = cache.get("a")
    clock.time += 0.001

    assert (young, cache.get("a"), len(cache)) == (1, None, 0)


def test_least_recently_used_entry_leaves_first() -> None:
    cache: ExpiringCache[str, int] = ExpiringCache(capacity=2, seconds=60)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")

    cache.put("c", 3)

    assert [cache.get(key) for key in "abc"] == [1, None, 3]


def test_dropped_entries_are_gone() -> None:
    cache: ExpiringCache[str, int] = ExpiringCache(capacity=5, seconds=60)
    for key in "abc":
        cache.put(key, 1)

    cache.drop("a")
    cache.drop("never there")
    left = len(cache)
    cache.clear()

    assert (left, len(cache)) == (2, 0)
