"""Whether an airport or a timetable is one that flights can be made of, in words for who writes it."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

_CARRIER = re.compile(r"[A-Z][A-Z0-9]|[0-9][A-Z]")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_WEEKDAYS = re.compile(r"(?!.*(.).*\1)[1-7]+")  # each once
_LONGEST_MINUTES = 24 * 60
_PATTERNS = {
    "carrier": (_CARRIER, "Two capital letters, or a letter and a digit, such as AL."),
    "flight_number": (_NUMBER, "A number from 1 to 9999."),
    "weekdays": (_WEEKDAYS, "Digits from 1, Monday, to 7, Sunday, each at most once."),
}
_AIRPORT = {
    "code": (re.compile(r"[A-Z]{3}"), "Three capital letters by IATA, such as LHR."),
    "country": (re.compile(r"[A-Z]{2}"), "Two capital letters by ISO 3166, such as GB."),
}


def faults_of_airport(facts: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with these columns of an airport, by column; those that are not there are not looked at."""
    faults = _misspelt(facts, _AIRPORT)
    zone = facts.get("time_zone")
    if zone and not _is_zone(str(zone)):
        faults["time_zone"] = "No such IANA time zone; one is Europe/London."
    return faults


def faults_of_schedule(facts: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with these columns of a schedule, by column; those that are not there are not looked at."""
    faults = _misspelt(facts, _PATTERNS)
    origin, destination = facts.get("origin"), facts.get("destination")
    if origin is not None and origin == destination:
        faults["destination"] = "A flight ends elsewhere than it begins."
    minutes = facts.get("block_minutes")
    if minutes is not None and not 1 <= minutes <= _LONGEST_MINUTES:
        faults["block_minutes"] = f"From 1 to {_LONGEST_MINUTES} minutes."
    first, last = facts.get("valid_from"), facts.get("valid_to")
    if first and last and last < first:
        faults["valid_to"] = "The last day comes before the first."
    return faults


def _misspelt(facts: Mapping[str, Any], patterns: Mapping[str, tuple[re.Pattern[str], str]]) -> dict[str, str]:
    typed = {name: str(facts[name]) for name in patterns if facts.get(name)}
    return {name: patterns[name][1] for name, text in typed.items() if not patterns[name][0].fullmatch(text)}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, a path that leads elsewhere, a folder
        return False
    return True
