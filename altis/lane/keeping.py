"""What the shelf is told of a search, filled into a form instead of packed word by word."""

from functools import lru_cache

from altis.lane import market
from altis.lane.words import BLANK, Words, listed, packed

NOTHING = listed([])
# Stand for what differs from search to search. None of the shelf's own words has these characters, nor a `%`.
_ID, _DOCUMENT, _IMPRESSION = "\x01", b"\x02", b"\x03"


def kept(made: market.MadeSearch) -> Words:
    """The shelf's commands for a search; nothing when it has no offers."""
    id, document, impression = made.search_id, made.document, made.impression
    if document is None:
        return NOTHING
    number, form = _form(made.ttl_seconds, len(id), impression is not None)
    if impression is None:
        return Words(number, form % (id.encode(), len(document), document))
    return Words(number, form % (id.encode(), len(document), document, len(impression), impression))


@lru_cache(maxsize=64)
def _form(ttl_seconds: int, id_length: int, sampled: bool) -> Words:
    id = _ID * id_length
    commands = market.commands(
        id, document=_DOCUMENT, impression=_IMPRESSION if sampled else None, ttl_seconds=ttl_seconds
    )
    number, form = listed(commands)
    for text in (_DOCUMENT, _IMPRESSION):
        form = form.replace(packed(text).packed, BLANK)
    return Words(number, form.replace(id.encode(), b"%b"))
