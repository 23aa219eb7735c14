"""Staff at their desks, and an order in each of the statuses that a page looks different in."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from altis.accounts.models import User
from orders.models import Order
from tests.clients import CONTACT, PASSENGER, ApiClient
from tests.offers import market
from tests.payments.simulators import Simulator

PASSWORD = "correct horse battery"


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
