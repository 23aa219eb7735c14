"""A browser without script: it opens pages, fills in the form that it finds there, and presses its button."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from catalog.models import Flight
from orders.models import Order
from tests.offers import market

PEOPLE = {"given_name-0": "Ana", "family_name-0": "Silva", "born_on-0": "1990-12-10", "email": "ana@example.com"}
_HIDDEN = re.compile(r'<input type="hidden" name="([\w]+)" value="([^"]*)"')
_FORM = re.compile(r'<form[^>]*method="post" action="([^"]+)".*?</form>', re.DOTALL)


class Browser:
    """One visitor; forms are sent with the CSRF token that is in them, and refused without."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, path: str, **query: str) -> Any:
        """The page of an address."""
        return self.client.get(path, query)

    def press(self, page: Any, action: str, **fields: str) -> Any:
        """What the form of this page and address answers, with its hidden fields and these."""
        return self.client.post(action, {**self.hidden(page, action), **fields})

    def hidden(self, page: Any, action: str) -> dict[str, str]:
        """The hidden fields of a form."""
        [form] = [found[0] for found in _FORM.finditer(page.content.decode()) if found[1] == action]
        return {name: unescape(value) for name, value in _HIDDEN.findall(form)}

    def search(self, **query: str) -> Any:
        """The offers from London to New York, by default for one adult."""
        asked = {"origin": "LHR", "destination": "JFK", "date": market.soon().isoformat(), "adults": "1", **query}
        return self.get(reverse("search"), **asked)

    def offers(self, **query: str) -> list[str]:
        """The addresses of the offers of a search, best first."""
        return re.findall(r'href="(/offers/[^"]+)"', text_of(self.search(**query)))

    def hold(self, **fields: str) -> Order:
        """Search, choose the cheapest kind of offer, name who travels: a held order."""
        path = self.offers()[0]
        reply = self.press(self.get(path), path, **{**PEOPLE, **fields})
        assert reply.status_code == 302, text_of(reply)
        return Order.objects.get(pk=reply["Location"].rpartition("/")[2])

    def pay(self, order: Order, token: str = "tok_visa") -> Any:
        """Open the order and press the button of its payment form."""
        return self.press(self.get(place_of(order)), place_of(order, "pay"), token=token)


def place_of(order: Order, part: str = "") -> str:
    """The address of an order, or of a part of it."""
    return reverse(f"order-{part}" if part else "order", args=[order.pk])


def text_of(page: Any) -> str:
    """What the page says."""
    return str(page.content.decode())


def open_shop() -> Flight:
    """A flight from London to New York and the three bundles."""
    market.make_bundles()
    return market.fly()
