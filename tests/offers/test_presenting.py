"""The shape of an offer for clients."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from altis.shared.money import Money
from offers.presenting import amount, present
from tests.offers.builders import offer


def test_an_offer_has_the_contracts_fields() -> None:
    shown = present(offer(), "ACTIVE")

    assert list(shown) == [
        "id",
        "status",
        "rank",
        "score",
        "bundle",
        "bundle_name",
        "created_at",
        "expires_at",
        "slices",
        "passengers",
        "items",
        "total",
        "conditions",
        "rank_explanation",
    ]
    assert (shown["created_at"], shown["expires_at"]) == ("2026-12-01T10:00:00.000Z", "2026-12-01T10:15:00.000Z")
    assert shown["passengers"] == [{"type": "adult"}, {"type": "child", "age": 7}, {"type": "infant"}]
    assert shown["total"] == {"amount": "501.00", "currency": "USD"}
    assert shown["conditions"]["refund_penalty"] == {"amount": "75.00", "currency": "USD"}


def test_a_segment_tells_utc_and_local_times_with_their_zones() -> None:
    [segment] = present(offer(), "ACTIVE")["slices"][0]["segments"]

    assert segment["departing_at"] == "2026-12-01T10:00:00.000Z"
    assert (segment["arriving_at_local"], segment["destination_time_zone"]) == (
        "2026-12-01T13:00:00",
        "America/New_York",
    )


def test_all_amounts_add_up_as_decimals() -> None:
    shown = present(offer(), "ACTIVE")

    for item in shown["items"]:
        unit = Decimal(item["unit_price"]["amount"])
        assert sum(Decimal(line["amount"]) for line in item["price_explanation"]) == unit
        assert unit * item["quantity"] == Decimal(item["total"]["amount"])
    assert sum(Decimal(item["total"]["amount"]) for item in shown["items"]) == Decimal("501.00")
    contributions = [Decimal(line["contribution"]) for line in shown["rank_explanation"]]
    assert sum(contributions) == Decimal(shown["score"])


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
def test_an_amount_reads_as_money_writes_it(minor: int, currency: str) -> None:
    assert amount(minor, currency) == Money(minor, currency).as_json()["amount"]
