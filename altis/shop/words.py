"""Refusals in a visitor's words: what has happened, and what to do about it. The codes are those of the API."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Words(NamedTuple):
    """A page that says no. `action` and `to` (the name of a page) are the button."""

    title: str
    text: str
    action: str = "Search again"
    to: str = "shop"


_SORRY: Final[Mapping[str, Words]] = {
    "not_found": Words("There is nothing here", "The address may be mistyped, or the page has moved.", "To the start"),
    "offer_not_found": Words(
        "This offer is not known",
        "It may have been made long ago, or the address is incomplete. Offers are kept for a short time.",
    ),
    "offer_expired": Words(
        "This offer has expired",
        "We guarantee a price for a limited time, and that is over. Nothing was booked and nothing was charged."
        " Search again to see today’s prices.",
    ),
    "offer_already_accepted": Words(
        "This offer was booked already",
        "An offer can be booked once. If it was you, open the booking with its reference; else search again.",
        "Open a booking",
        "booking",
    ),
    "offer_cancelled": Words("This offer was turned down", "It cannot be booked any more. Search for a fresh one."),
    "sold_out": Words(
        "Sold out a moment ago",
        "Somebody else took the last seats while you were filling in the form. Nothing was booked and nothing was"
        " charged. Other flights and other days may still have seats.",
    ),
    "price_changed": Words(
        "The price has changed",
        "It is no longer the one that you were shown, so we have booked nothing. Search again to see the price now.",
    ),
    "too_many_holds": Words(
        "Too many unpaid bookings",
        "Pay or cancel one of your open bookings first; each holds seats that others would like to have.",
        "Open a booking",
        "booking",
    ),
    "order_not_found": Words(
        "We cannot find this booking here",
        "Bookings can be seen for a day in the browser that made them. Everywhere else, open it with its reference"
        " and a family name.",
        "Open a booking",
        "booking",
    ),
    "rate_limited": Words(
        "A little slower, please",
        "There were too many requests from your network just now. Wait a moment.",
        "To the start",
    ),
    "too_many_attempts": Words(
        "Too many tries", "Wait some minutes before you try this reference again.", "Try again", "booking"
    ),
    "method_not_allowed": Words(
        "This address takes no such request", "Begin from a page of ours. Nothing was changed.", "To the start"
    ),
    "document_not_found": Words(
        "We cannot find this document",
        "Open the booking for the documents that are valid now.",
        "Open a booking",
        "booking",
    ),
    "document_voided": Words(
        "This document is void", "Open the booking for the one that took its place.", "Open a booking", "booking"
    ),
    "busy": Words(
        "Somebody else is busy with this", "Wait a second and try again. Nothing was charged.", "To the start"
    ),
    "invalid_token": Words(
        "Your visit has ended", "Start again with a search. Nothing was booked and nothing was charged."
    ),
    "unavailable": Words(
        "Not available at the moment",
        "A part of our system does not answer. If you were booking or paying, open the page again in a minute to see"
        " what became of it, before you try again.",
        "To the start",
    ),
    "forbidden": Words(
        "This form is not valid any more",
        "It was open for too long, or your browser refuses cookies, which a booking needs. Go back, load the page"
        " again, and send it once more.",
        "To the start",
    ),
    "forbidden_page": Words(
        "You may not open this", "Your account lacks the right to. Whoever runs it can give it.", "To the start"
    ),
    "internal_error": Words(
        "Something broke on our side",
        "It was written down. If you were paying, open your booking to see what became of it before you try again.",
        "Open a booking",
        "booking",
    ),
}
_OTHERWISE: Final = Words("That did not work", "The request could not be read. Nothing was changed.", "To the start")

# Of a form: what is wrong with a field, by its kind and the code; then by the code alone.
_FIELDS: Final[Mapping[str, str]] = {
    "given_name too_short": "Enter the given name",
    "family_name too_short": "Enter the family name",
    "born_on invalid_date": "Enter the date of birth, such as 1990-12-31",
    "born_on out_of_range": "Enter a date of birth that is possible",
    "email too_short": "Enter an e-mail address",
    "invalid_email": "Enter an e-mail address like name@example.com",
    "invalid_phone": "Enter the telephone number with its country code, such as +44 20 7946 0018",
    "no_letter": "A name has at least one letter",
    "too_long": "This is too long",
    "invalid_characters": "Leave out characters that cannot be printed",
    "passenger_type_mismatch": "This date does not fit the age group on the day of departure",
    "card_number_refused": "This looks like a card number: never enter one here",
    "origin required": "Enter where you start",
    "destination required": "Enter where you are going",
    "date required": "Enter the day of departure",
    "date invalid_date": "Enter the day as year-month-day, such as 2026-12-31",
    "back invalid_date": "Enter the day as year-month-day, such as 2026-12-31, or leave it empty",
    "unknown_airport": "We do not know this airport. Try its city, or its three-letter code",
    "same_airport": "Choose another airport than the one you start from",
    "departure_in_past": "This day is over. Choose a later one",
    "slices_out_of_order": "You cannot come back before you leave",
    "too_many_passengers": "At most nine can travel together",
    "too_many_infants": "There can be no more infants than adults: each travels on a lap",
    "invalid_age": "Children are 2 to 11 years old",
    "too_few_ages": "Give one age for each child, or leave this empty",
}


def sorry(code: str) -> Words:
    """The page for a refusal."""
    return _SORRY.get(code, _OTHERWISE)


def beside(field: str, code: str, detail: str = "") -> str:
    """What stands beside a field; `field` without its number."""
    return _FIELDS.get(f"{field} {code}") or _FIELDS.get(code) or detail or "Correct this"
