"""A catalogue in memory that a test may use in place of the thread that keeps one."""

import re

import pytest

from catalog import index
from catalog.index import Catalogue
from catalog.index.loading import read_catalogue

_IDS = re.compile(rb"(sch|off)_[0-9a-z]{25}")
_TIMES = re.compile(rb'"(created_at|expires_at)":"[^"]+"')


def remember(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue | None = None) -> Catalogue:
    """Answer reads from a catalogue, by default from what is for sale now; it hears of no change."""
    known = catalogue or read_catalogue()
    monkeypatch.setattr(index, "current", lambda: known)
    return known


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer reads from the stores."""
    monkeypatch.setattr(index, "current", lambda: None)


def timeless(reply: bytes) -> bytes:
    """A search's reply without ids and times."""
    return _TIMES.sub(rb'"\1":""', _IDS.sub(rb"\1", reply))
