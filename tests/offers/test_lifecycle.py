"""The offer's lifecycle is the overview's diagram."""

from offers.lifecycle import OFFER, OfferStatus


def test_an_offer_leaves_active_once_and_for_all() -> None:
    assert list(OFFER.edges()) == [
        (None, OfferStatus.ACTIVE),
        (OfferStatus.ACTIVE, OfferStatus.ACCEPTED),
        (OfferStatus.ACTIVE, OfferStatus.EXPIRED),
        (OfferStatus.ACTIVE, OfferStatus.CANCELLED),
    ]
    assert [status for status in OfferStatus if OFFER.is_final(status)] == ["ACCEPTED", "EXPIRED", "CANCELLED"]
