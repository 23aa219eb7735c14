"""The baseline utility: what raises a score, and that its parts are the score."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from offers.ranking import Features, UtilityRanker, ranker, score
from tests.offers.builders import CONTEXT

PLAIN = Features(price_minor=20_000, minutes=480, stops=0, departure_hours=(10,))
features = st.builds(
    Features,
    price_minor=st.integers(0, 10**8),
    minutes=st.integers(1, 5_000),
    stops=st.integers(0, 8),
    departure_hours=st.lists(st.integers(0, 23), min_size=1, max_size=4).map(tuple),
    contents=st.frozensets(st.sampled_from(["seat", "bag", "meal", "lounge", "other"])),
    refundable=st.booleans(),
    changeable=st.booleans(),
)


def _points(**changes: object) -> int:
    values = {name: getattr(PLAIN, name) for name in Features.__slots__}
    return score(Features(**{**values, **changes}), cheapest_minor=20_000, shortest=480).points


def test_the_cheapest_shortest_plain_trip_has_this_score() -> None:
    [only] = ranker().rank([PLAIN], CONTEXT)

    assert only.score == Decimal("0.5300")
    assert only.propensity == 1
    assert only.explanation == (
        ("base", Decimal("0.5000")),
        ("price vs cheapest", Decimal("0.0000")),
        ("duration vs shortest", Decimal("0.0000")),
        ("stops", Decimal("0.0000")),
        ("departure time", Decimal("0.0300")),
        ("bundle contents", Decimal("0.0000")),
    )


def test_price_time_stops_and_the_night_lower_a_score() -> None:
    assert _points(price_minor=30_000) == _points() - 5_000
    assert _points(minutes=720) == _points() - 2_500
    assert _points(stops=1) == _points() - 1_500
    assert _points(departure_hours=(3,)) == _points() - 1_300


def test_comfort_and_freedom_raise_a_score() -> None:
    assert _points(contents=frozenset({"bag", "meal"})) == _points() + 1_700
    assert _points(refundable=True, changeable=True) == _points() + 1_500


def test_nothing_to_rank_is_no_trouble() -> None:
    assert UtilityRanker().rank([], CONTEXT) == []


@given(st.lists(features, min_size=1, max_size=8))
def test_contributions_add_up_to_the_score_in_four_decimals(candidates: list[Features]) -> None:
    for verdict in UtilityRanker().rank(candidates, CONTEXT):
        assert sum(points for _, points in verdict.explanation) == verdict.score
        assert all(points.as_tuple().exponent == -4 for _, points in verdict.explanation)


@given(features, st.integers(1, 10**6))
def test_of_two_that_are_otherwise_alike_the_dearer_never_scores_higher(one: Features, more: int) -> None:
    values = {name: getattr(one, name) for name in Features.__slots__}
    dearer = Features(**{**values, "price_minor": one.price_minor + more})

    first, second = UtilityRanker().rank([one, dearer], CONTEXT)

    assert second.points <= first.points
