"""Open a booking in another browser: by its reference and a traveller's family name."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from altis.shared.cards import has_card_number
from altis.shop.order_pages import line_of
from altis.shop.pages import ShopPage
from altis.shop.services.find_booking import BookingNotFound, find_booking
from altis.store.database import db_clock
from orders.selectors import newest_orders

_LONGEST = 80
_MOST_SHOWN = 10


class Booking(ShopPage):
    """The form, and the way in."""

    limits = {"GET": "default", "POST": "token"}

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form, above it the bookings that this browser has made."""
        return self.page("booking.html", {"values": {}, "errors": {}, "mine": self._mine()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """To the booking; or the form, which never says what of the two was wrong."""
        values = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in ("reference", "family_name")}
        values = {name: "" if has_card_number(value) else value for name, value in values.items()}
        missing = {name: words for name, words in _MISSING.items() if not values[name]}
        if missing:
            return self._again(values, missing)
        try:
            order_id = find_booking(**values)
        except BookingNotFound:
            return self._again(values, {"reference": _WRONG})
        self.visit.admit(order_id)
        return redirect("order", order_id)

    def _mine(self) -> list[dict[str, Any]]:
        if not self.visit.visitor:
            return []
        orders, now = newest_orders(self.visit.actor, status=None, before=None, most=_MOST_SHOWN), db_clock()
        return [line_of(order, now=now) for order in orders]

    def _again(self, values: dict[str, str], errors: dict[str, str]) -> HttpResponse:
        context = {"values": values, "errors": errors, "summary": list(errors.items())}
        return self.page("booking.html", context, HTTPStatus.UNPROCESSABLE_ENTITY)


class Forget(ShopPage):
    """The button for whoever leaves a computer that others use."""

    limits = {"POST": "default"}

    def post(self, request: HttpRequest) -> HttpResponse:
        """From now on this browser opens none of the bookings that it could."""
        self.visit.end()
        return redirect("shop")


_MISSING = {
    "reference": "Enter the six characters of the booking reference",
    "family_name": "Enter the family name of one of the travellers",
}
_WRONG = "No booking has this reference and family name. Compare both with your documents or your e-mail"
