"""Staff open every page, quickly, and only with the right to."""

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from altis.accounts.models import User
from altis.store.models import IdempotencyKey, OutboxEvent
from orders.models import Order
from tests.backoffice.conftest import PASSWORD
from tests.backoffice.pages import page, registered

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 19


def test_staff_log_in_by_e_mail() -> None:
    User.objects.create_superuser("admin@example.com", PASSWORD)
    client = Client()

    reply = client.post("/admin/login/?next=/admin/", {"username": "Admin@Example.com", "password": PASSWORD})

    assert (reply.status_code, reply["Location"]) == (302, "/admin/")
    assert "Waiting for payment" in client.get("/admin/").text


def test_every_page_opens_within_its_queries(administrator: Client, everything: Order) -> None:
    slow, empty = {}, []

    for model in registered():
        row = model.objects.first()  # type: ignore[attr-defined]  # every model has objects
        if row is None:
            empty.append(model._meta.label)
        addresses = [page(model, "changelist"), *([page(model, "change", quote(row.pk))] if row else [])]
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert administrator.get(address).status_code == 200, address
            if len(queries) > MOST_QUERIES:
                slow[address] = len(queries)

    assert slow == {}
    assert empty == []


def test_a_list_of_many_orders_takes_no_more_queries_than_a_list_of_one(looker: Client, fulfilled: Order) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert looker.get(page(Order, "changelist")).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in range(5):
        fulfilled.pk, fulfilled.reference, fulfilled.offer_id = f"ord_{number}", f"AAAAA{number}", f"off_{number}"
        fulfilled.save(force_insert=True)

    assert queries() == one


def test_every_add_page_that_is_allowed_opens(administrator: Client) -> None:
    allowed = []

    for model in registered():
        status = administrator.get(page(model, "add")).status_code
        assert status in (200, 403), model
        if status == 200:
            allowed.append(str(model._meta.model_name))

    assert sorted(allowed) == ["aircraft", "airport", "bundle", "group", "product", "schedule"]


def test_staff_without_rights_are_refused_everywhere(newcomer: Client, everything: Order) -> None:
    for model in registered():
        assert newcomer.get(page(model, "changelist")).status_code == 403, model

    assert newcomer.get(page(Order, "change", quote(everything.pk))).status_code == 403
    front = newcomer.get("/admin/").text
    assert everything.reference not in front
    assert "An administrator can give you more rights." in front


def test_customers_and_strangers_are_sent_to_the_log_in(db: None) -> None:
    customer = Client()
    customer.force_login(User.objects.create_user("someone@example.com", PASSWORD))

    for client in (customer, Client()):
        reply = client.get("/admin/orders/order/")
        assert (reply.status_code, reply["Location"]) == (302, "/admin/login/?next=/admin/orders/order/")


def test_secrets_have_no_pages() -> None:
    names = {model._meta.label for model in registered()}

    assert OutboxEvent._meta.label in names
    assert names.isdisjoint({"privacy.SubjectKey", "token_blacklist.OutstandingToken", IdempotencyKey._meta.label})


def test_every_card_of_the_first_page_leads_to_its_list(administrator: Client, everything: Order) -> None:
    cards = administrator.get("/admin/").context["cards"]

    assert [card["number"] for card in cards][:4] == [0, 0, 0, 1]
    for card in cards:
        assert administrator.get(card["link"]).status_code == 200, card["link"]


def test_the_themes_own_search_is_not_offered(administrator: Client) -> None:
    assert administrator.get("/admin/search/?s=order").status_code == 404
