"""What a search has made."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple, cast

import orjson

from offers.compact import read_offers
from offers.documents import OfferDocument

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MadeSearch(NamedTuple):
    """A search that was made and may have to be shelved.

    `reply` is the JSON body of the answer. `document` is what the shelf shall hold for `ttl_seconds`, None when there
    are no offers; `impression` what its stream shall get, None when this search is not sampled.
    """

    search_id: str
    expires_ms: int  # since 1970
    reply: bytes
    document: bytes | None
    impression: bytes | None
    ttl_seconds: int

    @property
    def expires_at(self) -> datetime:
        """Until when its offers live."""
        return _EPOCH + timedelta(milliseconds=self.expires_ms)

    @property
    def offers(self) -> tuple[OfferDocument, ...]:
        """The offers, best first."""
        return () if self.document is None else read_offers(self.document)

    @property
    def reason(self) -> str | None:
        """`no_flights` or `sold_out`: why there are no offers."""
        return cast("str | None", orjson.loads(self.reply)["reason"])
