"""One offer: who travels, and the button that books it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from altis.api.addresses import client_ip, network_of
from altis.privacy.blind import blind_index
from altis.shared.errors import Invalid
from altis.shop.errors import PriceChanged
from altis.shop.offer_cards import card_of
from altis.shop.pages import ShopPage
from altis.shop.search_again import search_again
from altis.shop.selectors import cities_of
from altis.shop.services.book import book, booked_before
from altis.shop.travellers_form import TravellersForm
from altis.store.database import db_clock
from offers.documents import OfferDocument
from offers.errors import OfferCancelled, OfferExpired
from offers.lifecycle import OfferStatus
from offers.presenting import present
from offers.selectors import offer_for, open_offer


class Offer(ShopPage):
    """The form of an offer."""

    limits = {"GET": "default", "POST": "accept"}

    def get(self, request: HttpRequest, offer_id: str) -> HttpResponse:
        """The empty form. From here on the visitor has an id."""
        document, status = self._found(offer_id)
        actor = self.visit.actor
        if status == OfferStatus.CANCELLED:
            raise OfferCancelled
        if status != OfferStatus.ACTIVE:
            return redirect("order", booked_before(offer_id=offer_id, actor=actor))
        return self._form(document, TravellersForm(document.passengers))

    def post(self, request: HttpRequest, offer_id: str) -> HttpResponse:
        """Book, and go to the order; or the form with what is wrong."""
        document, _ = self._found(offer_id)
        if request.POST.get("shown") != str(document.total):
            raise PriceChanged
        form = TravellersForm.of(document.passengers, request.POST)
        arguments = form.arguments()
        if arguments is None:
            return self._form(document, form)
        try:
            order_id = book(
                offer_id=offer_id,
                travellers=arguments["travellers"],
                contact=arguments["contact"],
                actor=self.visit.actor,
                client=blind_index(network_of(client_ip(request)), "orders.client"),
            )
        except Invalid as refusal:
            form.refuse(refusal)
            return self._form(document, form)
        return redirect("order", order_id)

    def _found(self, offer_id: str) -> tuple[OfferDocument, OfferStatus]:
        """The offer; of one that has expired at least the trip is known. Raises what `offer_for` raises."""
        try:
            document, status = offer_for(offer_id)
        except OfferExpired:
            self.again = search_again(present(open_offer(offer_id), OfferStatus.ACTIVE))
            raise
        self.again = search_again(present(document, status))
        return document, status

    def _form(self, document: OfferDocument, form: TravellersForm) -> HttpResponse:
        offer = present(document, OfferStatus.ACTIVE)
        summary = form.summary()
        context = {
            "form": form,
            "people": form.people(),
            "contact": form.contact(),
            "summary": summary,
            "card": card_of(offer),
            "cities": cities_of(offer["slices"]),
            "shown": str(document.total),
            "seconds": max(0, int((document.expires_at - db_clock()).total_seconds())),
            "again": self.again,
        }
        return self.page("travellers.html", context, HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK)
