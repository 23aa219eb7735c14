"""Card numbers and CVVs are refused wherever they are sent: in any field, under any name, in the query."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from django.http import QueryDict

from altis.api.faults import step
from altis.shared.cards import has_card_number, is_card_field
from altis.shared.errors import Fault, Invalid

_MOST_FAULTS = 20
_NUMBERS = range(10**12, 10**19)
# The fields inside of which `number` can mean one thing only.
_CARDS = ("payment_method", "card", "source")
_PHONE = "phone"
Path = tuple[object, ...]


class CardNumberRefused(Invalid):
    """Something that looks like a card number or a CVV was sent; only a gateway's token may be."""

    code = "card_number_refused"
    message = "Send a token of the payment gateway, never a card number."


def refuse_cards(data: Any) -> None:
    """Raise CardNumberRefused when parsed JSON has a card number or a CVV field anywhere.

    A `phone` that begins with + is left to its own field, which knows telephone numbers.
    """
    found = tuple(islice(_found(data, ()), _MOST_FAULTS))
    if found:
        raise CardNumberRefused(faults=[_fault(path) for path in found])


def query_has_card(query: str) -> bool:
    """Whether a parameter of a query string is a card number, or named for one."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return any(is_card_field(name) or has_card_number(name) or has_card_number(value) for name, value in pairs)


def form_has_card(form: QueryDict) -> bool:
    """Whether a field of a posted form holds a card number."""
    return any(has_card_number(value) for _, values in form.lists() for value in values)


def _found(value: Any, path: Path) -> Iterator[Path]:
    """Where card data is; what is named by a card number is told by where it stands, not by its name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if has_card_number(name):
                yield path
            elif is_card_field(name) or (name == "number" and path and path[-1] in _CARDS):
                yield (*path, name)
            elif not (name == _PHONE and isinstance(inner, str) and inner.startswith("+")):
                yield from _found(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _found(inner, (*path, index))
    elif _is_card(value):
        yield path


def _is_card(value: Any) -> bool:
    if isinstance(value, str):
        return has_card_number(value)
    if isinstance(value, bool | None) or not _NUMBERS.start <= value < _NUMBERS.stop:
        return False
    return has_card_number(str(int(value)))


def _fault(path: Path) -> Fault:
    pointer = ""
    for name in path:
        pointer = step(pointer, name)
    return Fault(pointer, CardNumberRefused.code, CardNumberRefused.message)
