"""A decided offer is told in words, and its lines are those that the customer saw."""

from offers.shown import in_words
from tests.offers.builders import offer


def test_an_offer_is_told_with_its_flights_its_prices_and_its_rank() -> None:
    document = offer()

    told = in_words(document)

    assert told["total"] == str(document.total)
    assert [part["flight"] for part in told["segments"]] == [
        f"{segment.carrier} {segment.flight_number}" for segment in document.segments
    ]
    assert [item["total"].split()[0] for item in told["items"]] == [
        f"{item.total_minor / 100:.2f}" for item in document.items
    ]
    assert (told["rank"], told["score"]) == (document.rank, document.score)
    assert told["conditions"].count(".") >= 2
