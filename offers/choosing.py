"""Which of all candidates are shown: every bundle once, then the best of the rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from offers.bundles import OfferItem, Package
from offers.ranking import Ranked
from offers.trip import Itinerary


@dataclass(frozen=True, slots=True)
class Candidate:
    """An itinerary in a bundle, priced."""

    itinerary: Itinerary
    package: Package
    items: tuple[OfferItem, ...]
    total_minor: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with what the ranker says of it."""

    candidate: Candidate
    ranked: Ranked


def choose(choices: Sequence[Choice], *, most: int) -> list[Choice]:
    """At most `most` choices, best first: the best trip in each bundle, then whatever scores highest.

    When there are more bundles than places, those that come first in `choices` (the catalog's order) have precedence.
    Ties go to the cheaper, then to the earlier candidate.
    """
    best_first = sorted(choices, key=_standing)
    champions: dict[str, Choice] = {choice.candidate.package.code: choice for choice in reversed(best_first)}
    in_catalog_order = dict.fromkeys(choice.candidate.package.code for choice in choices)
    shown = [champions[code] for code in in_catalog_order][:most]
    taken = {id(choice) for choice in shown}
    rest = [choice for choice in best_first if id(choice) not in taken]
    return sorted(shown + rest[: most - len(shown)], key=_standing)


def _standing(choice: Choice) -> tuple[int, int]:
    return -choice.ranked.points, choice.candidate.total_minor
