"""The live preview beside the form of a bundle: the form as it stands, unsaved, as the customer would see it.

What the form has no field for, since whoever looks may not change it, is as it was saved.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from altis.shared import clock
from altis.shared.errors import AltisError
from altis.shared.money import Money
from catalog.models import Bundle, Cabin, Flight
from catalog.selectors import BundleView, ProductView, bundle_row, bundle_view, product_map
from catalog.services.check_bundle import MOST_OF_ONE
from offers.rules import MOST_PASSENGERS
from offers.services.preview import Preview, preview_bundle

_FLIGHTS, _MOST_ITEMS, _LAST = 25, 30, 32_767
_HUNDRED, _MOST_DIGITS = 100, 5


class Unfinished(ValueError):
    """The form cannot be priced yet; the message says what is missing."""


class _Saved(NamedTuple):
    """The bundle whose page it is, as a row and as it is sold; a new one on the page that adds one."""

    row: Bundle
    view: BundleView


def preview(request: HttpRequest) -> HttpResponse:
    """The fragment for this state of the form; what is wrong in it is said in words, never with an error."""
    if not request.user.has_perms(("catalog.view_bundle", "catalog.view_flight")):
        raise PermissionDenied
    typed = {name: value.replace("\x00", "") for name, value in request.GET.dict().items()}
    flights = list(_flights())
    first = flights[0] if flights else None
    chosen = next((one for one in flights if one.pk == typed.get("preview_flight")), first)
    cabin = typed.get("preview_cabin", "")
    cabin = cabin if cabin in Cabin.values else Cabin.ECONOMY.value
    saved = _saved(typed)
    adults = _whole(typed.get("preview_adults"), most=MOST_PASSENGERS)
    return render(
        request,
        "admin/catalog/bundle/preview_offer.html",
        {
            "flights": flights,
            "chosen": chosen,
            "cabins": Cabin.choices,
            "cabin": cabin,
            "numbers": range(1, MOST_PASSENGERS + 1),
            "adults": adults,
            "found": _found(typed, saved, chosen, cabin, adults),
            "on_sale": _ticked(typed, "active", saved.row.active),
        },
    )


def _found(data: Mapping[str, str], saved: _Saved, flight: Flight | None, cabin: str, adults: int) -> Preview:
    if flight is None:
        return Preview(None, "No flight is open for sale. Make flights of a schedule first.")
    try:
        position = _whole(data.get("position", saved.row.position), most=_LAST, least=0)
        bundle = _view(data, saved.view)
        return preview_bundle(bundle=bundle, position=position, flight=flight, cabin=cabin, adults=adults)
    except Unfinished as error:
        return Preview(None, str(error))
    except AltisError as error:
        return Preview(None, error.detail)


def _flights() -> Iterator[Flight]:
    after = clock.now() + timedelta(seconds=settings.ALTIS_SALES_CUTOFF_SECONDS)
    return (
        Flight.objects.filter(sales_open=True, departing_at__gt=after)
        .order_by("departing_at", "pk")[:_FLIGHTS]
        .iterator()
    )


def _saved(data: Mapping[str, str]) -> _Saved:
    row = bundle_row(data.get("of", ""))
    if row is not None:
        return _Saved(row, bundle_view(row))
    nothing = Money.zero(settings.ALTIS_CURRENCY)
    new = BundleView("", "", "", Decimal(0), False, nothing, False, nothing, ())
    return _Saved(Bundle(currency=settings.ALTIS_CURRENCY), new)


def _view(data: Mapping[str, str], saved: BundleView) -> BundleView:
    currency = data.get("currency", saved.refund_penalty.currency).strip() or settings.ALTIS_CURRENCY
    discount = _decimal(data.get("discount_percent", str(saved.discount_percent)), "discount")
    if discount > _HUNDRED:
        raise Unfinished("The discount is at most 100 percent.")
    return BundleView(
        code=data.get("code", saved.code).strip() or "preview",
        name=data.get("name", saved.name).strip() or "The bundle",
        description=data.get("description", saved.description),
        discount_percent=discount,
        refundable=_ticked(data, "refundable", saved.refundable),
        refund_penalty=_money(data.get("refund_penalty", str(saved.refund_penalty.amount)), currency),
        changeable=_ticked(data, "changeable", saved.changeable),
        change_penalty=_money(data.get("change_penalty", str(saved.change_penalty.amount)), currency),
        items=tuple(_items(data, product_map())) if _has_rows(data) else saved.items,
    )


def _ticked(data: Mapping[str, str], name: str, saved: bool) -> bool:
    """A box that is not ticked is not sent, nor is one that is not there: the name beside it tells which."""
    return name in data if "name" in data else saved


def _has_rows(data: Mapping[str, str]) -> bool:
    return any(name.endswith("-product") for name in data)


def _items(data: Mapping[str, str], products: Mapping[str, ProductView]) -> Iterator[tuple[ProductView, int]]:
    rows = range(_whole(data.get("items-TOTAL_FORMS"), most=_MOST_ITEMS, least=0))
    found: dict[str, int] = {}
    for row in rows:
        product = data.get(f"items-{row}-product", "")
        if product in products and f"items-{row}-DELETE" not in data:
            found[product] = _whole(data.get(f"items-{row}-quantity"), most=MOST_OF_ONE)
    ordered = sorted(found.items(), key=lambda pair: (products[pair[0]].type, products[pair[0]].code))
    return ((products[product], quantity) for product, quantity in ordered)


def _whole(text: Any, *, most: int, least: int = 1) -> int:
    typed = str(text or "")
    readable = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return min(most, max(least, int(typed))) if readable else least


def _decimal(text: str, what: str) -> Decimal:
    try:
        number = Decimal(text.strip() or "0")
    except InvalidOperation as error:
        raise Unfinished(f"The {what} is not a number yet.") from error
    if not number.is_finite() or not 0 <= number < 10**12:
        raise Unfinished(f"The {what} is out of range.")
    return number


def _money(text: str, currency: str) -> Money:
    return Money.of(_decimal(text, "penalty"), currency)
