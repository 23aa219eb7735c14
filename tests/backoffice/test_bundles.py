"""Bundles: what could not be sold is refused in words, and the preview is what a search would show."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from altis.audit.models import Change
from catalog.models import Bundle, BundleItem, Product
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page
from tests.clients import ApiClient
from tests.factories import make_bundle, make_product
from tests.offers import market

pytestmark = pytest.mark.django_db


def _form(*products: Product, **more: str) -> dict[str, str]:
    what = {"code": "light", "name": "Light", "discount_percent": "10", "position": "9", "active": "on"}
    money = {"refund_penalty": "0", "change_penalty": "0", "currency": "USD"}
    rows = {"items-TOTAL_FORMS": str(len(products)), "items-INITIAL_FORMS": "0"}
    for number, product in enumerate(products):
        rows |= {f"items-{number}-product": product.pk, f"items-{number}-quantity": "1"}
    return {**what, **money, **rows, **more}


def _faults(reply: Any) -> str:
    formset = reply.context["inline_admin_formsets"][0].formset
    return str([*formset.errors, reply.context["adminform"].form.errors])


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"type": "flight"}, "A fare is no part of a bundle"),
        ({"type": "bag", "currency": "EUR"}, "It is priced in EUR, the bundle in USD."),
        ({"type": "bag", "active": False}, "It is not on sale, so the bundle would not be either."),
        ({"type": "bag", "capacity_controlled": True}, "What is limited must apply to segments"),
    ],
)
def test_a_product_that_could_not_be_sold_with_it_is_refused(
    administrator: Client, facts: dict[str, Any], words: str
) -> None:
    reply = administrator.post(page(Bundle, "add"), _form(make_product(**facts)))

    assert reply.status_code == 200
    assert words in _faults(reply)
    assert not Bundle.objects.exists()


def test_a_penalty_for_what_is_not_possible_is_refused(administrator: Client) -> None:
    reply = administrator.post(page(Bundle, "add"), _form(refund_penalty="75.00"))

    assert "The bundle is not refundable: leave this 0, or tick it." in _faults(reply)
    assert not Bundle.objects.exists()


def test_penalties_are_typed_in_major_units(administrator: Client) -> None:
    reply = administrator.post(page(Bundle, "add"), _form(make_product(), refundable="on", refund_penalty="75.50"))

    assert reply.status_code == 302
    assert Bundle.objects.get().refund_penalty_minor == 7550
    assert BundleItem.objects.count() == 1


def test_the_last_bundle_stays_on_sale(administrator: Client) -> None:
    bundle = make_bundle("light")
    form = _form(reason="withdrawn")
    del form["active"]

    refused = administrator.post(page(Bundle, "change", bundle.pk), form)
    make_bundle("other")
    allowed = administrator.post(page(Bundle, "change", bundle.pk), form)

    assert "This is the last bundle on sale" in _faults(refused)
    assert (allowed.status_code, Bundle.objects.get(pk="light").active) == (302, False)


@pytest.mark.parametrize("page_of_it", ["delete", "changelist"])
def test_the_last_bundle_is_not_deleted(administrator: Client, page_of_it: str) -> None:
    bundle = make_bundle("light")
    make_bundle("old", active=False)
    address = page(Bundle, page_of_it, *([bundle.pk] if page_of_it == "delete" else []))
    form = {"post": "yes", "action": "delete_selected", "_selected_action": [bundle.pk, "old"], "reason": "withdrawn"}

    refused = administrator.post(address, form)
    kept = Bundle.objects.count()
    make_bundle("other")
    administrator.post(address, form)

    assert "without one they are all empty" in refused.text
    assert (kept, Bundle.objects.filter(pk="light").exists()) == (2, False)
    change = Change.objects.get(relation="catalog_bundle", act="deleted", key="light")
    assert (change.reason, change.page) == ("withdrawn", address)


def test_a_page_that_deletes_asks_why(administrator: Client) -> None:
    make_bundle("other")

    text = administrator.get(page(Bundle, "delete", make_bundle("light").pk)).text

    assert re.search(r'<select name="reason"[^>]* required', text)


def test_more_of_a_product_than_anybody_carries_is_refused(administrator: Client) -> None:
    reply = administrator.post(page(Bundle, "add"), _form(make_product(), **{"items-0-quantity": "100"}))

    assert "At most 99." in _faults(reply)
    assert not Bundle.objects.exists()


def test_an_analyst_does_not_price_a_bundle_out_of_its_products(staff: Staff) -> None:
    bundle = make_bundle("light", items={make_product(): 1})
    rows = {"items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "1"}
    form = {"discount_percent": "5", "refund_penalty": "0", "change_penalty": "0", "currency": "EUR", **rows}
    form["items-0-id"], form["items-0-bundle"] = str(bundle.items.get().pk), "light"
    client = staff("Pricing analyst")

    refused = client.post(page(Bundle, "change", "light"), {**form, "reason": "new_price"})
    allowed = client.post(page(Bundle, "change", "light"), {**form, "reason": "new_price", "currency": "USD"})

    assert "It is priced in USD, the bundle in EUR." in _faults(refused)
    bundle.refresh_from_db()
    stands = (int(bundle.discount_percent), bundle.currency, bundle.items.count())
    assert (allowed.status_code, *stands) == (302, 5, "USD", 1)


def _preview(client: Client, form: dict[str, str], **more: str) -> Any:
    return client.get(reverse("admin:bundle_preview"), {**form, **more})


@pytest.mark.django_db(transaction=True)
def test_the_preview_is_what_a_search_shows_once_it_is_saved(administrator: Client, guest: ApiClient) -> None:
    market.make_bundles()
    market.fly()
    form = _form(Product.objects.get(code="BAG"), Product.objects.get(type="seat"), refundable="on")

    found = _preview(administrator, form).context["found"]
    unsaved = Bundle.objects.filter(code="light").exists()
    administrator.post(page(Bundle, "add"), form)
    slices = [{"origin": "LHR", "destination": "JFK", "departure_date": market.soon().isoformat()}]
    body = {"slices": slices, "passengers": [{"type": "adult"}]}
    offers = guest.post("/v1/offers/search", body).json()["offers"]

    assert not unsaved
    sold = next(offer for offer in offers if offer["bundle"] == "light")
    for part in ("items", "total", "conditions", "slices", "rank", "score", "rank_explanation"):
        assert found.offer[part] == sold[part], part
    assert found.of == len(offers)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"discount_percent": "ten"}, "The discount is not a number yet."),
        ({"discount_percent": "101"}, "The discount is at most 100 percent."),
        ({"refund_penalty": "1e99"}, "The penalty is out of range."),
        ({"refund_penalty": "1.001"}, "The amount has more decimals than its currency."),
        ({"preview_adults": "9", "preview_cabin": "first"}, "This flight is not for sale in this cabin"),
        ({"currency": "EUR"}, "It would not be offered: searches are in USD, the bundle is in EUR."),
        ({"items-TOTAL_FORMS": "-1"}, "200.00 USD"),
        ({"items-TOTAL_FORMS": "99999999999"}, "200.00 USD"),
    ],
)
def test_a_form_that_is_not_finished_is_told_so(administrator: Client, more: dict[str, str], words: str) -> None:
    make_product("flight", price="0.00", applies_to="flight")
    market.fly()

    reply = _preview(administrator, _form(), **more)

    assert reply.status_code == 200
    assert words in reply.text


@pytest.mark.django_db(transaction=True)
def test_who_may_change_a_part_sees_the_rest_as_it_was_saved(staff: Staff) -> None:
    market.make_bundles()
    market.fly()
    analyst, auditor = staff("Pricing analyst"), staff("Auditor")

    with CaptureQueriesContext(connection) as queries:
        saved = _preview(auditor, {"of": "comfort"}).context["found"].offer
    told = [query["sql"] for query in queries if '"catalog_bundle"."code" = ' in query["sql"]]
    tried = _preview(analyst, {"of": "comfort", "discount_percent": "50", "currency": "USD"}).context["found"].offer

    assert (saved["bundle_name"], saved["conditions"]["refundable"]) == ("Comfort Bundle", True)
    assert [item["type"] for item in tried["items"]] == [item["type"] for item in saved["items"]]
    assert (saved["total"]["amount"], tried["total"]["amount"]) == ("263.00", "235.00")
    assert len(told) == 1, told


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"active": False}, "is not on sale."),
        ({"currency": "EUR"}, "is priced in EUR."),
        ({"attributes": {"cabin": "business"}}, "is for another cabin."),
        ({"capacity_controlled": True, "applies_to": "journey"}, "cannot be part of a bundle."),
    ],
)
def test_the_preview_names_the_product_that_stands_in_the_way(
    administrator: Client, facts: dict[str, Any], words: str
) -> None:
    make_product("flight", price="0.00", applies_to="flight")
    market.fly()
    seat = make_product("seat", **facts)

    text = _preview(administrator, _form(seat)).text

    assert f"It would not be offered: {seat.name} {words}" in text


def test_a_bundle_that_is_off_sale_says_so(administrator: Client) -> None:
    make_product("flight", price="0.00", applies_to="flight")
    market.fly()
    form = {name: value for name, value in _form().items() if name != "active"}

    assert "Not on sale: nobody sees it" in _preview(administrator, form).text
    assert "Not on sale" not in _preview(administrator, _form()).text


def test_without_flights_the_preview_says_what_to_do(administrator: Client) -> None:
    assert "Make flights of a schedule first." in _preview(administrator, _form()).text


def test_the_preview_is_for_those_who_see_bundles(staff: Staff) -> None:
    assert _preview(staff("Auditor"), _form()).status_code == 200
    assert _preview(staff("nobody"), _form()).status_code == 403
    assert _preview(Client(), _form()).status_code == 302
