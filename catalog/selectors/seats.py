"""Named seats that are given away, against the map of an aircraft."""

import re

from catalog.models import AircraftCabin, SeatAssignment

_DESIGNATOR = re.compile(r"([0-9]+)([A-Z]+)")


def seats_off_the_map(flight_id: str, aircraft_code: str, *, instead_of: str = "") -> list[str]:
    """The flight's seats that somebody has and this aircraft lacks, in order of rows. Two queries.

    Also those that are in another cabin than on the aircraft that is flown so far, when it is named: who has paid for
    business sits in business. An accept that chose its seat just before a swap may commit after it, so the flight's
    page asks this too.
    """
    given = SeatAssignment.objects.filter(flight=flight_id, released_at__isnull=True)
    seats = list(given.values_list("seat", flat=True))
    if not seats:
        return []
    maps: dict[str, list[AircraftCabin]] = {aircraft_code: [], instead_of: []}
    for cabin in AircraftCabin.objects.filter(aircraft__in=maps):
        maps[cabin.aircraft_id].append(cabin)
    lost = (seat for seat in seats if not _keeps(seat, maps[instead_of], maps[aircraft_code]))
    return sorted(lost, key=_by_row)


def _keeps(seat: str, old: list[AircraftCabin], new: list[AircraftCabin]) -> bool:
    before, after = _cabin_of(seat, old), _cabin_of(seat, new)
    return after != "" and before in ("", after)


def _cabin_of(seat: str, cabins: list[AircraftCabin]) -> str:
    """The cabin of a seat on a map; nothing where there is no such seat."""
    row, letter = _by_row(seat)
    found = (each for each in cabins if each.first_row <= row <= each.last_row and letter in each.letters)
    return next((each.cabin for each in found), "")


def _by_row(seat: str) -> tuple[int, str]:
    found = _DESIGNATOR.fullmatch(seat)
    return (int(found[1]), found[2]) if found else (0, seat)
