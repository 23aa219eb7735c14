"""Staff at their desks, and an order in each of the statuses that a page looks different in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client

from altis.accounts.models import Reveal, User
from altis.shared import clock
from offers.models import Impression
from orders.models import Order
from payments.models import Refund, WebhookReceipt
from tests.clients import CONTACT, PASSENGER, ApiClient
from tests.offers import market
from tests.payments.simulators import Simulator

PASSWORD = "correct horse battery"
Staff = Callable[[str], Client]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the back-office may read the projections, which are on its first page."""
    for item in items:
        marker = item.get_closest_marker("django_db") if Path(__file__).parent in item.path.parents else None
        if marker is not None and "databases" not in marker.kwargs:
            both = pytest.mark.django_db(*marker.args, **marker.kwargs, databases=["default", "analytics"])
            item.add_marker(both, append=False)


@pytest.fixture
def administrator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("admin@example.com", PASSWORD))
    return client


@pytest.fixture
def newcomer(db: None) -> Client:
    """Staff who were given no rights."""
    client = Client()
    client.force_login(User.objects.create_user("new@example.com", PASSWORD, is_staff=True))
    return client


@pytest.fixture
def looker(db: None) -> Client:
    """Staff who may look at everything."""
    user = User.objects.create_user("looker@example.com", PASSWORD, is_staff=True)
    group = Group.objects.create(name="Lookers")
    group.permissions.set(Permission.objects.filter(codename__startswith="view_"))
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def proposed(guest: ApiClient, owner: ApiClient) -> Order:
    """A family's unpaid order: four passengers, and every kind of item that a bundle has."""
    market.make_bundles()
    market.fly()
    types = ("adult", "adult", "child", "infant")
    search = {
        "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": market.soon().isoformat()}],
        "passengers": [{"type": type} for type in types],
    }
    offers = guest.post("/v1/offers/search", search).json()["offers"]
    offer = next(offer for offer in offers if offer["bundle"] == "premium")
    today = market.soon(0)
    born = {
        "adult": "1990-12-10",
        "child": f"{today.year - 7}-01-01",
        "infant": f"{today.year - 1}-{today.month:02}-01",
    }
    people = [{**PASSENGER, "born_on": born[type]} for type in types]
    reply = owner.post(f"/v1/offers/{offer['id']}/accept", {"passengers": people, "contact": CONTACT})
    assert reply.status_code == 201, reply.content
    return Order.objects.get(pk=reply.json()["id"])


@pytest.fixture
def fulfilled(proposed: Order, owner: ApiClient, gateway: Simulator) -> Order:
    assert owner.pay(proposed.pk).status_code == 200
    proposed.refresh_from_db()
    return proposed


@pytest.fixture
def everything(fulfilled: Order) -> Order:
    """At least one row of every model that an order brings about, and of the few that it does not."""
    payment = fulfilled.attempts.get()
    Refund.objects.create(
        payment=payment, cause="test", amount_minor=1, status="PENDING", attempt_at=payment.created_at
    )
    WebhookReceipt.objects.create(event_id="evt_1", gateway="simulator", type="payment.captured", payment_id=payment.pk)
    now = clock.now()
    Impression.objects.create(search_id="srh_1", offers=[], shown_at=now, expires_at=now, outcome="expired")
    Group.objects.create(name="Agents")
    owner = fulfilled.owner
    Reveal.objects.create(actor=owner, subject=owner.pk, object_type="user", object_id=owner.pk, reason="for a test")
    LogEntry.objects.log_actions(owner.pk, [owner], CHANGE, "Tested")
    return fulfilled


@pytest.fixture
def staff(db: None) -> Staff:
    """`staff("Finance")`: somebody at a desk with this role; with none where no role has this name."""

    def make(role: str) -> Client:
        user = User.objects.create_user(f"{role.replace(' ', '.').lower()}@example.com", PASSWORD, is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        client = Client()
        client.force_login(user)
        return client

    return make
