"""What is packed beforehand is, byte by byte, what packing it word by word would give."""

from typing import Any

import hiredis
import pytest

from altis.lane.keeping import NOTHING, kept
from altis.lane.words import listed, packed, sent
from offers import shelf
from offers.documents import new_search_id
from offers.services.made import MadeSearch

DOCUMENT = b'{"names":["10 % off","%b","\x01"]}'


@pytest.mark.parametrize("impression", [b'{"weight":"1.0000 %d"}', None])
@pytest.mark.parametrize("ttl_seconds", [60, 1260])
def test_a_search_is_packed_as_the_shelf_has_it(impression: bytes | None, ttl_seconds: int) -> None:
    made = MadeSearch(new_search_id(), 0, b"{}", DOCUMENT, impression, ttl_seconds)

    commands = shelf.commands(made.search_id, document=DOCUMENT, impression=impression, ttl_seconds=ttl_seconds)

    assert kept(made) == listed(commands)


def test_a_search_without_offers_keeps_nothing() -> None:
    assert kept(MadeSearch(new_search_id(), 0, b"{}", None, None, 60)) is NOTHING
    assert NOTHING == (0, b"")


def test_words_are_packed_as_the_library_packs_them() -> None:
    words: Any = ("EVALSHA", "0" * 40, 1, "schlüssel", b"\x00\r\n", -5)

    command = sent(packed(*words[:2]), packed(words[2]), packed(*words[3:]))

    assert command == hiredis.pack_command(words)
