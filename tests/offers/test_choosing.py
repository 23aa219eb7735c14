"""Which candidates are shown."""

from offers.choosing import Choice, choose
from offers.generating import ranked
from offers.ranking import Ranked, UtilityRanker
from tests.offers.builders import CONTEXT, FLIGHT_ONLY, candidate, choices, direct, extra, package


def _choice(bundle: str, points: int) -> Choice:
    return Choice(candidate(package(code=bundle)), Ranked((("base", points),)))


def _shown(found: list[Choice]) -> list[tuple[str, int]]:
    return [(choice.candidate.package.code, choice.ranked.points) for choice in found]


def test_every_bundle_is_shown_once_before_any_is_shown_twice() -> None:
    found = [_choice("flight_only", 9), _choice("flight_only", 8), _choice("comfort", 2), _choice("premium", 1)]

    assert _shown(choose(found, most=3)) == [("flight_only", 9), ("comfort", 2), ("premium", 1)]
    assert _shown(choose(found, most=5)) == [("flight_only", 9), ("flight_only", 8), ("comfort", 2), ("premium", 1)]


def test_bundles_that_come_first_in_the_catalog_have_precedence() -> None:
    found = [_choice(bundle, points) for points, bundle in enumerate(["flight_only", "comfort", "premium", "extra"])]

    assert _shown(choose(found, most=3)) == [("premium", 2), ("comfort", 1), ("flight_only", 0)]


def test_of_equal_scores_the_cheaper_then_the_earlier_comes_first() -> None:
    dear = Choice(candidate(FLIGHT_ONLY, direct(200, base=30_000)), Ranked((("base", 1),)))
    cheap = Choice(candidate(FLIGHT_ONLY, direct(100)), Ranked((("base", 1),)))
    twin = Choice(candidate(FLIGHT_ONLY, direct(300)), Ranked((("base", 1),)))

    assert choose([dear, cheap, twin], most=3) == [cheap, twin, dear]


def test_nothing_to_choose_from_gives_nothing() -> None:
    assert choose([], most=5) == []


def test_offers_are_ranked_by_the_ranker() -> None:
    found = [candidate(FLIGHT_ONLY), candidate(package(extra("bag", base=100)))]

    shown = ranked(found, ranker=UtilityRanker(), context=CONTEXT, most=5)

    assert [choice.candidate.package.code for choice in shown] == ["comfort", "flight_only"]
    assert {choice.ranked.points for choice in shown} == {choice.ranked.points for choice in choices(*found)}
