"""`manage.py seed_demo`: an order in every status, whatever workers do beside it, and nothing twice."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from altis.accounts.models import User
from altis.backoffice import demo
from altis.shared import clock
from altis.store.models import OutboxEvent
from catalog.services.seeding import seed_flights, seed_reference
from orders.models import Document, Order, OrderItem
from orders.services.archive import archive_flown
from orders.services.expire import expire_all_due
from orders.services.fulfil import fulfil_paid
from payments.models import Payment
from payments.services.janitor import run_janitor
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
STATUSES = ["ARCHIVED", "CANCELLED", "EXPIRED", "FULFILLED", "PAID", "PAYMENT_PENDING", "PROPOSED"]
# Invariants of docs/holds.md, each a query for what breaks it.
BROKEN = {
    "holds follow orders": """
        SELECT h.id FROM catalog_hold h JOIN orders_order o ON o.id = h.order_id WHERE (o.status, h.status) NOT IN
        (('PROPOSED','HELD'),('PAYMENT_PENDING','HELD'),('PAID','SOLD'),('FULFILLED','SOLD'),('ARCHIVED','SOLD'),
         ('EXPIRED','RELEASED'),('CANCELLED','RELEASED'))""",
    "counters are the sum of live holds": """
        SELECT i.id FROM catalog_inventory i LEFT JOIN catalog_hold h ON h.inventory_id = i.id GROUP BY i.id
        HAVING i.held <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'HELD'), 0)
            OR i.sold <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'SOLD'), 0)""",
    "nothing expired before its time": """
        SELECT e.order_id FROM orders_orderevent e JOIN orders_order o ON o.id = e.order_id
        WHERE e.to_status = 'EXPIRED' AND e.at < o.expires_at""",
    "paid is one captured payment": """
        SELECT id FROM orders_order o WHERE (o.status IN ('PAID','FULFILLED','ARCHIVED'))
        <> ((SELECT count(*) FROM payments_payment p WHERE p.order_id = o.id AND p.status = 'SUCCEEDED') = 1)""",
    "being paid is one open payment": """
        SELECT id FROM orders_order o WHERE (o.status = 'PAYMENT_PENDING') <> ((SELECT count(*) FROM payments_payment p
        WHERE p.order_id = o.id AND p.status IN ('CREATED','SUBMITTED','UNKNOWN')) = 1)""",
    "the last event is the status": """
        SELECT id FROM orders_order o WHERE NOT EXISTS (SELECT 1 FROM orders_orderevent e WHERE e.order_id = o.id
        AND e.sequence = o.version AND e.to_status = o.status)""",
}


@pytest.fixture
def season(db: None) -> None:
    seed_reference()
    seed_flights(days=25, routes=8, seed=1, start=clock.now().date())


def _seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def _statuses() -> list[str]:
    return sorted(Order.objects.values_list("status", flat=True))


def _work() -> None:
    """What workers do in a second."""
    expire_all_due()
    run_janitor()
    fulfil_paid()
    archive_flown()


def test_there_is_an_order_in_every_status_and_it_stays(season: None, gateway: Simulator) -> None:
    told = _seed()
    _work()

    assert _statuses() == STATUSES
    assert "orders +7; 0 of 7" in told
    with connection.cursor() as cursor:
        for rule, broken in BROKEN.items():
            cursor.execute(broken)
            assert cursor.fetchall() == [], rule


def test_a_second_run_adds_nothing(season: None, gateway: Simulator) -> None:
    _seed()
    events, users = OutboxEvent.objects.count(), User.objects.count()

    told = _seed()

    assert _statuses() == STATUSES
    assert (OutboxEvent.objects.count(), User.objects.count()) == (events, users)
    assert "accounts +0; 9 were already there" in told
    assert "orders +0; 7 of 7" in told


def test_only_what_is_missing_is_added(season: None, gateway: Simulator) -> None:
    _seed()
    Order.objects.filter(status="PROPOSED").update(expires_at=clock.now() - timedelta(seconds=1))
    expire_all_due()

    told = _seed()

    assert "orders +1; 6 of 7" in told
    assert _statuses() == sorted([*STATUSES, "EXPIRED"])


def test_the_flight_of_the_price_examples_keeps_its_seats(season: None, gateway: Simulator) -> None:
    _seed()

    sold = OrderItem.objects.exclude(flight=None)
    assert sold.exists()
    assert not sold.filter(flight__flight_number__in=["100", "101"]).exists()


def test_documents_are_there_for_whom_they_are_due(season: None, gateway: Simulator) -> None:
    _seed()

    assert set(Document.objects.values_list("order__status", flat=True)) == {"FULFILLED", "ARCHIVED"}
    assert set(Payment.objects.values_list("order__status", "status")) == {
        ("PAYMENT_PENDING", "SUBMITTED"),
        ("PAID", "SUCCEEDED"),
        ("FULFILLED", "SUCCEEDED"),
        ("ARCHIVED", "SUCCEEDED"),
    }


def test_staff_of_the_demo_look_and_change_nothing(season: None, gateway: Simulator) -> None:
    accounts = {account.email: account for account in demo.ensure_people()}
    auditor = accounts["auditor@demo.altis.example"]
    client = Client()

    assert client.login(username=auditor.email, password=auditor.password)
    assert client.get("/admin/orders/order/").status_code == 200
    assert client.get("/admin/catalog/product/add/").status_code == 403
    rights = auditor.user.get_group_permissions()
    assert {right.split(".")[1].split("_")[0] for right in rights} == {"view"}
    assert not any("subjectkey" in right or "idempotencykey" in right for right in rights)


def test_a_password_that_was_changed_is_left_alone(season: None, gateway: Simulator) -> None:
    user = demo.ensure_people()[0].user
    user.set_password("something else entirely")
    user.save(update_fields=["password"])

    told = _seed()

    assert "password changed since" in told
    assert User.objects.get(pk=user.pk).check_password("something else entirely")


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_without_a_gateway_it_says_so_and_makes_no_order(season: None, settings: Any, url: str) -> None:
    settings.ALTIS_SIMULATOR_URL = url

    with pytest.raises(CommandError, match="The payment gateway cannot be reached"):
        _seed()

    assert not Order.objects.exists()


def test_without_flights_it_says_so(gateway: Simulator) -> None:
    seed_reference()
    customers = [account.user for account in demo.ensure_people()][:3]

    with pytest.raises(demo.DemoError, match="seed_flights"):
        demo.seed_orders(customers, progress=lambda _: None)
