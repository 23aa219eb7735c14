"""Which offer suits a search best: a documented utility, and the port behind which another ranker may stand. Pure.

The baseline is the systematic utility of a multinomial logit over the candidates of one search, linear in what the
itinerary-choice literature uses (Coldren and Koppelman 2003): price and duration against the best of the search,
stops, time of day, and what the bundle contains. The signs are theirs, the weights are set by hand.
Nothing here knows who asks. Sums are whole ten-thousandths, so contributions add up to the score exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

# What explains a score, in this order.
FEATURES = ("base", "price vs cheapest", "duration vs shortest", "stops", "departure time", "bundle contents")
# In ten-thousandths of a unit of utility.
BASE = 5_000
PRICE_TWICE_THE_CHEAPEST = -10_000
TWICE_THE_SHORTEST = -5_000
EACH_STOP = -1_500
# Local departure: (first hour, hour after the last, utility); outside of them it is night.
TIMES_OF_DAY = ((6, 10, 500), (10, 17, 300), (17, 21, 400))
NIGHT = -1_000
CONTENTS: Mapping[str, int] = {
    "seat": 500,
    "bag": 1_200,
    "meal": 500,
    "lounge": 1_200,
    "carbon_offset": 200,
    "insurance": 400,
    "fast_track": 500,
}
REFUNDABLE = 1_000
CHANGEABLE = 500


@dataclass(frozen=True, slots=True)
class Features:
    """What the ranker sees of a candidate: price of the whole trip in minor units, minutes travelling, stops,
    the local hour (0 to 23) at which each slice departs, and what the bundle brings."""

    price_minor: int
    minutes: int
    stops: int
    departure_hours: tuple[int, ...]
    contents: frozenset[str] = frozenset()
    refundable: bool = False
    changeable: bool = False


@dataclass(frozen=True, slots=True)
class SearchContext:
    """What all candidates of one search share: days until departure, travellers, slices."""

    days_ahead: int
    travellers: int
    slices: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate's contributions in ten-thousandths, and the probability with which the ranker shows it so."""

    parts: tuple[tuple[str, int], ...]
    propensity: Decimal = Decimal("1.0000")

    @property
    def points(self) -> int:
        """The score in ten-thousandths: the sum of the contributions."""
        return sum(points for _, points in self.parts)

    @property
    def score(self) -> Decimal:
        """The score, with four decimals."""
        return Decimal(self.points).scaleb(-4)

    @property
    def explanation(self) -> tuple[tuple[str, Decimal], ...]:
        """Each feature with its contribution, four decimals; together they are the score."""
        return tuple((feature, Decimal(points).scaleb(-4)) for feature, points in self.parts)


class Ranker(Protocol):
    """The port: one `Ranked` per candidate, in the candidates' order."""

    def rank(self, candidates: Sequence[Features], context: SearchContext) -> list[Ranked]:
        """Score the candidates of one search against each other."""
        ...


class UtilityRanker:
    """The baseline: always the same answer to the same question, so its propensity is 1."""

    def rank(self, candidates: Sequence[Features], context: SearchContext) -> list[Ranked]:
        """Score each candidate against the cheapest and the shortest of the search."""
        if not candidates:
            return []
        cheapest = min(candidate.price_minor for candidate in candidates)
        shortest = min(candidate.minutes for candidate in candidates)
        return [score(candidate, cheapest_minor=cheapest, shortest=shortest) for candidate in candidates]


def ranker() -> Ranker:
    """The ranker in charge."""
    return UtilityRanker()


def score(features: Features, *, cheapest_minor: int, shortest: int) -> Ranked:
    """The utility of one candidate beside the search's lowest price (minor units) and shortest time (minutes)."""
    points = (
        BASE,
        excess(features.price_minor, cheapest_minor, PRICE_TWICE_THE_CHEAPEST),
        excess(features.minutes, shortest, TWICE_THE_SHORTEST),
        EACH_STOP * features.stops,
        _time_of_day(features.departure_hours),
        _comfort(features),
    )
    return Ranked(tuple(zip(FEATURES, points, strict=True)))


def excess(value: int, least: int, weight: int) -> int:
    """`weight * (value - least) / least`, rounded half up; nothing when the least is nothing."""
    return (2 * weight * (value - least) + least) // (2 * least) if least > 0 else 0


def hour_points(hour: int) -> int:
    """What a departure at this local hour is worth."""
    return next((points for first, after, points in TIMES_OF_DAY if first <= hour < after), NIGHT)


def comfort_points(contents: Iterable[str], *, refundable: bool, changeable: bool) -> int:
    """What these types of product and these conditions are worth."""
    return sum(CONTENTS.get(type, 0) for type in contents) + REFUNDABLE * refundable + CHANGEABLE * changeable


def _time_of_day(hours: tuple[int, ...]) -> int:
    """The mean over the slices."""
    return sum(hour_points(hour) for hour in hours) // len(hours)


def _comfort(features: Features) -> int:
    return comfort_points(features.contents, refundable=features.refundable, changeable=features.changeable)
