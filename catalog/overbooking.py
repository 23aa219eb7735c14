"""How much may be sold beyond the capacity: a share of it for each cabin. Pure."""

from collections.abc import Collection, Mapping

_ALL = 100


def parse_limits(text: str, *, cabins: Collection[str]) -> dict[str, int]:
    """`economy=5,business=0` as per cent by cabin; raises ValueError for anything else, and for another cabin."""
    limits = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        cabin, _, percent = part.partition("=")
        if cabin.strip() not in cabins or not percent.isdecimal() or int(percent) > _ALL:
            raise ValueError(f"{part!r} is no cabin with a percentage from 0 to 100")
        limits[cabin.strip()] = int(percent)
    return limits


def most_over(limits: Mapping[str, int], *, cabin: str, capacity: int) -> int:
    """The most units beyond the capacity of a cabin, in whole ones; none where nothing is said of it.

    `cabin` is empty for a limited product, which is never overbooked: there is no later lounge.
    """
    return capacity * limits.get(cabin, 0) // _ALL
