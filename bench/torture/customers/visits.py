"""How customers come to their offers: an ordinary visit to the shop, or a fight over the last few seats of a cabin."""

import time
from random import Random
from typing import Any

from bench.torture.customers.behaviours import BEHAVIOURS, change_their_mind, walk_away
from bench.torture.customers.shopper import Shopper
from bench.torture.market import Market, Trip

_FIGHTS = 0.2
_ROUND_TRIPS = 0.15
_OFFERS_PER_VISIT = 4
_PARTIES, _PARTY_WEIGHTS = (1, 2, 3), (80, 15, 5)
_PREY_SECONDS = 4
_WALKS_AWAY = 0.02
_LEFT = (1, 5)
_LARGEST_PARTY = 9
_NOTHING_FOUND_SECONDS = 0.25
Json = dict[str, Any]


def visit(me: Shopper, market: Market) -> None:
    """One search, and something done with its offers."""
    if market.prey and me.rng.random() < _FIGHTS:
        _fight(me, market.prey)
        return
    trip = me.rng.choice(market.trips)
    slices = _slices(trip, _way_back(trip, market, me.rng))
    travellers = me.rng.choices(_PARTIES, _PARTY_WEIGHTS)[0]
    offers = me.search(slices, cabin=trip.cabin, travellers=travellers)
    if not offers:
        me.caller.rest(_NOTHING_FOUND_SECONDS)
    for offer in offers[:_OFFERS_PER_VISIT]:
        if me.caller.stopping.is_set():
            return
        behaviour = me.rng.choices(list(BEHAVIOURS), list(BEHAVIOURS.values()))[0]
        behaviour(me, offer)


def _fight(me: Shopper, prey: tuple[Trip, ...]) -> None:
    """All customers want the same cabin for a few seconds; nearly all give it back, so that the fight goes on."""
    wanted = prey[int(time.time() / _PREY_SECONDS) % len(prey)]
    offers = me.search(_slices(wanted), cabin=wanted.cabin, travellers=me.rng.randint(1, 2))
    if not offers:
        me.caller.rest(_NOTHING_FOUND_SECONDS)
    for offer in offers[:2]:
        (walk_away if me.rng.random() < _WALKS_AWAY else change_their_mind)(me, offer)


def thin_out(me: Shopper, prey: tuple[Trip, ...]) -> None:
    """Buy the small cabins down to a few seats."""
    for trip in prey:
        surplus = trip.seats - me.rng.randint(*_LEFT)
        while surplus > 0:
            party = min(surplus, _LARGEST_PARTY)
            offers = me.search(_slices(trip), cabin=trip.cabin, travellers=party)
            order = me.accept(offers[0]) if offers else None
            if order is None:
                break
            me.pay(order, "tok_visa")
            surplus -= party


def _way_back(trip: Trip, market: Market, rng: Random) -> Trip | None:
    if rng.random() >= _ROUND_TRIPS:
        return None
    ends = (trip.destination, trip.origin, trip.cabin)
    back = [
        each for each in market.trips if (each.origin, each.destination, each.cabin) == ends and each.day > trip.day
    ]
    return rng.choice(back) if back else None


def _slices(*trips: Trip | None) -> list[Json]:
    return [
        {"origin": trip.origin, "destination": trip.destination, "departure_date": trip.day} for trip in trips if trip
    ]
