"""One order: its page, paying, cancelling, its documents."""

import secrets
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from altis.api.problems import status_of
from altis.privacy.masking import masked
from altis.shared.errors import AltisError
from altis.shop.errors import UnknownCard
from altis.shop.offer_cards import card_of
from altis.shop.order_documents import documents_of
from altis.shop.order_pages import CARDS, OVER, RELEASED, TOKENS, standing_of, told
from altis.shop.pages import ShopPage, packed
from altis.shop.search_again import search_again
from altis.shop.selectors import cities_of
from altis.shop.services.cancel_once import cancel_once
from altis.shop.services.pay_once import TOLD, pay_once
from altis.store.database import db_clock
from orders.api.presenters import present_order
from orders.drawing import draw
from orders.errors import DocumentNotFound, OrderNotCancellable
from orders.models import Order
from orders.selectors import document_for, order_for

_REFUSALS: Final[tuple[type[AltisError], ...]] = (*TOLD, OrderNotCancellable, UnknownCard)
_STATUSES: Final = {kind.code: status_of(kind) for kind in _REFUSALS}


class _OrderPage(ShopPage):
    """A page about an order."""

    def order_page(self, order_id: str, code: str = "") -> HttpResponse:
        """The order as it stands, with what became of a button that was pressed; raises OrderNotFound.

        What the order says by itself is told under its own address, which can be loaded again.
        """
        order = order_for(self.visit.actor_for(order_id), order_id)
        standing = standing_of(order.status, expires_at=order.expires_at, now=db_clock(), refunds=order.refunds)
        said = told(code, standing.mood)
        if code and said is None and standing.mood != OVER:
            return redirect("order", order_id)
        shown = present_order(order)
        context = {
            "order": shown,
            "contact": _contact_of(order, self.visit.visitor),
            "card": card_of(shown),
            "cities": cities_of(shown["slices"]),
            "standing": standing,
            "released": RELEASED,  # a held order's page says it by itself once its time is over
            "told": said,
            "cards": CARDS,
            "key": secrets.token_urlsafe(16),
            "again": search_again(shown),
        }
        return self.page("order.html", context, _STATUSES.get(code, HTTPStatus.OK))


def _contact_of(order: Order, visitor: str) -> dict[str, str]:
    """Whoever came by reference and name sees that the contact is right, and learns no address."""
    if order.owner_id == visitor:
        return {"email": order.contact_email, "phone": order.contact_phone}
    phone = masked(order, "contact_phone", head=0, tail=2) if order.contact_phone else ""
    return {"email": masked(order, "contact_email"), "phone": phone}


class OneOrder(_OrderPage):
    """Where an order stands."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Its page."""
        return self.order_page(order_id)


class State(ShopPage):
    """What the order's page asks every two seconds while a payment is being decided."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """204 while nothing has changed; then the page is to be loaded again."""
        order = order_for(self.visit.actor_for(order_id), order_id)
        if order.status == request.GET.get("seen"):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        # Not a reload: the page may be the answer to a form, which would be sent again.
        return HttpResponse(headers={"HX-Redirect": reverse("order", args=[order_id])})


class Pay(_OrderPage):
    """The payment form."""

    limits = {"POST": "pay"}

    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Somebody has loaded the result of a form again: the order says where it stands."""
        return redirect("order", order_id)

    def post(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Pay. What went well is told by the order's own page, so that loading it again pays nothing."""
        token = request.POST.get("token", "")
        if token not in TOKENS:
            return self.order_page(order_id, UnknownCard.code)
        actor = self.visit.actor_for(order_id)
        code = pay_once(order_id=order_id, token=token, actor=actor, key=request.POST.get("key", ""))
        return self.order_page(order_id, code) if code else redirect("order", order_id)


class Cancel(_OrderPage):
    """The button that gives an unpaid order up."""

    limits = {"POST": "default"}

    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """As for the payment form."""
        return redirect("order", order_id)

    def post(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Cancel, and show what is left."""
        code = cancel_once(order_id=order_id, actor=self.visit.actor_for(order_id))
        return self.order_page(order_id, code) if code else redirect("order", order_id)


class Documents(ShopPage):
    """What is shown at the airport, made to be printed."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Every document of the order."""
        order = order_for(self.visit.actor_for(order_id), order_id)
        standing = standing_of(order.status, expires_at=order.expires_at, now=db_clock(), refunds=order.refunds)
        shown = present_order(order)
        context = {
            "order": shown,
            "documents": documents_of(shown),
            "cities": cities_of(shown["slices"]),
            "over": standing.mood == OVER,
        }
        return self.page("documents.html", context)


@packed
class Barcode(ShopPage):
    """The image of one document."""

    limits = {"GET": "default"}

    def get(self, request: HttpRequest, order_id: str, document_id: str) -> HttpResponse:
        """An Aztec code as SVG; raises DocumentNotFound, also for another order of the same owner."""
        document = document_for(self.visit.actor_for(order_id), document_id)
        if document.order_id != order_id or not document.payload:  # that of an erased person is empty
            raise DocumentNotFound
        return HttpResponse(draw(document.payload, fmt="svg"), content_type="image/svg+xml")
