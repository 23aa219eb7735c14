"""One box finds an order by whatever a customer or a colleague has at hand."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from django.db.models import Q, QuerySet

from altis.accounts.emails import INDEX_PURPOSE, index_of
from altis.accounts.errors import InvalidEmail
from altis.accounts.models import User
from altis.privacy.blind import blind_index, name_index
from catalog.models import Hold
from orders.models import Document, Order, OrderEvent, OrderItem, Passenger
from orders.models.parts import NAME_PURPOSE

# The ids of the orders that belong to an id with a certain prefix.
Finder = Callable[[str], Iterable[str]]
# Of a very common name the newest orders; whoever needs an older one knows more than the name.
_MOST: Final = 200
_MOST_WORDS: Final = 6


def _rows(model: Any, key: str) -> Finder:
    return lambda value: model.objects.filter(**{key: value}).order_by("-order_id").values_list("order_id", flat=True)


FINDERS: Final[Mapping[str, Finder]] = {
    "pax": _rows(Passenger, "pk"),
    "itm": _rows(OrderItem, "pk"),
    "doc": _rows(Document, "pk"),
    "evt": _rows(OrderEvent, "pk"),
    "hld": _rows(Hold, "pk"),
    "flt": _rows(Hold, "inventory__flight"),
}
_COLUMNS: Final = {"ord": "pk", "off": "offer_id", "usr": "owner_id", "gst": "owner_id"}
HELP: Final = "Reference, family name, e-mail or any id"


def found(queryset: QuerySet[Order], term: str, *, finders: Mapping[str, Finder] = FINDERS) -> QuerySet[Order]:
    """The orders that a term names: an address, an id of one of the `finders`, a reference, or a family name."""
    text = term.strip()
    if "@" in text:
        return queryset.filter(_of_address(text))
    prefix, mark, _ = text.lower().partition("_")
    if mark:
        return queryset.filter(_of_id(prefix, text.lower(), finders))
    return queryset.filter(Q(reference=text.upper()) | Q(pk__in=_of_name(text)))


def _of_address(text: str) -> Q:
    """The owner's address or the order's contact; whole, since only equality can be asked."""
    indexes = {blind_index(text, INDEX_PURPOSE)}
    with suppress(InvalidEmail):
        indexes.add(index_of(text))
    owners = list(User.objects.filter(email_index__in=indexes).values_list("pk", flat=True))
    return Q(owner_id__in=owners) | Q(contact_index__in=indexes)


def _of_id(prefix: str, text: str, finders: Mapping[str, Finder]) -> Q:
    if prefix in _COLUMNS:
        return Q(**{_COLUMNS[prefix]: text})
    finder = finders.get(prefix)
    return Q(pk__in=_first(finder(text)) if finder else [])


def _of_name(text: str) -> list[str]:
    """As it is, what stands before `/` or `,`, or the last words: DOE, DOE/JANE, Jane Doe, Anna van der Berg."""
    words = text.split()[-_MOST_WORDS:]
    last = {" ".join(words[start:]) for start in range(len(words))}
    parts = {text, *(text.partition(mark)[0] for mark in "/,"), *last}
    indexes = [name_index(part, NAME_PURPOSE) for part in parts if part.strip()]
    rows = Passenger.objects.filter(name_index__in=indexes).order_by("-order_id")
    return _first(rows.values_list("order_id", flat=True))


def _first(ids: Any) -> list[str]:
    """Read before the orders are: a list of keys is looked up, where a subquery would be tried on every order."""
    return list(ids[:_MOST])
