"""The first page, the airports that a field suggests, and the offers side by side."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from altis.shared.errors import Invalid
from altis.shop.offer_cards import cards_of
from altis.shop.pages import Polite, ShopPage, packed
from altis.shop.routes import Route, Trip, cabins_on, days_near, routes
from altis.shop.search_address import search_address
from altis.shop.search_form import SearchForm, choices, label
from altis.shop.selectors import End, airports_like
from offers.services.search import search_offers


@packed
class Start(Polite):
    """The first page. It asks neither store, so it is there when they are not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What Altis is, and where to search; a link may fill the form in."""
        promised = {
            "offer_minutes": settings.ALTIS_OFFER_TTL_SECONDS // 60,
            "hold_minutes": settings.ALTIS_ORDER_HOLD_SECONDS // 60,
        }
        return render(request, "shop/index.html", {"form": SearchForm.begun(request.GET), **promised, **choices()})


@packed
class Search(ShopPage):
    """The offers for a trip. A GET: the address of a search can be kept, and has nobody's name in it."""

    limits = {"GET": "search"}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Offers, or the form with what is wrong."""
        form = SearchForm.of(request.GET)
        asked = form.request()
        if asked is None:
            return self._form(form)
        try:
            made = search_offers(request=asked)
        except Invalid as refusal:
            form.refuse(refusal)
            return self._form(form)
        told = orjson.loads(made.reply)
        cards = cards_of(told["offers"])
        context: dict[str, Any] = {"form": form, "cards": cards, "told": told, **choices()}
        return self.page("offers.html", context if cards else {**context, **self._elsewhere(form)})

    def _elsewhere(self, form: SearchForm) -> dict[str, Any]:
        """Where there is nothing to sell: other cabins, the nearest other days, else where one can fly from there."""
        ends = {name: place.code for name, place in form.places.items()}
        trip = Trip(**ends, day=date.fromisoformat(form.values["date"]), cabin=form.values["cabin"])
        cabins = [{"name": cabin, "link": form.link(cabin=cabin)} for cabin in cabins_on(trip)]
        days = [{"day": day.isoformat(), "link": form.link(date=day.isoformat())} for day in days_near(trip)]
        elsewhere = [] if cabins or days else routes(trip.origin) or routes()
        return {"cabins_flown": cabins, "days": days, "routes": _linked(elsewhere)}

    def _form(self, form: SearchForm) -> HttpResponse:
        return self.page("search.html", {"form": form, "summary": form.summary(), **choices()}, status=422)


@packed
class Routes(ShopPage):
    """Where flights go, for who does not know where to begin; a part of the first page, or a page of its own."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest) -> HttpResponse:
        """A few routes, each a link to its offers."""
        template = "_routes.html" if request.headers.get("HX-Request") else "routes.html"
        response = self.page(template, {"routes": _linked(routes())})
        patch_vary_headers(response, ["HX-Request"])
        return response


@packed
class Airports(ShopPage):
    """What fits what was typed so far, as options of the list below the field."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most eight options; `origin` or `destination` is the field and what stands in it."""
        field: End = "destination" if "destination" in request.GET else "origin"
        found = airports_like(request.GET.get(field, ""), field)
        options = [{"airport": airport, "label": label(airport)} for airport in found]
        return self.page("airports.html", {"field": field, "options": options})


def _linked(found: Iterable[Route]) -> list[dict[str, Any]]:
    """Each route with the address of its offers for one adult."""
    return [{"route": route, "link": _offers_of(route)} for route in found]


def _offers_of(route: Route) -> str:
    ends = {"origin": route.origin.code, "destination": route.destination.code}
    return search_address({**ends, "date": route.day.isoformat(), "adults": "1"})
