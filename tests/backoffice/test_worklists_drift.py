"""The work list of gate drift: what checks found and still is, mended by one click; what nobody knows is said."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from altis.backoffice.worklists.counts import count_now
from altis.shared.actors import Actor
from altis.store.redis import client as redis_client
from catalog.models import Inventory
from catalog.services.mend_gate import mend_gate
from orders.models import Order
from tests.backoffice.work import checked, press, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "analytics"])


@pytest.fixture
def drifted(proposed: Order) -> Inventory:
    """An inventory of which the gate says 999 for the ledger's own version; a check has found it."""
    row = Inventory.objects.filter(product=None).get()
    redis_client().hset(f"inv:{{{row.pk}}}", mapping={"base": 999, "ver": row.version})
    checked(str(row.pk))
    return row


def test_a_gate_that_a_check_found_wrong_is_mended(administrator: Client, drifted: Inventory) -> None:
    page = administrator.get("/admin/worklists/gate-drift/").text
    assert f"The gate says 999 left, the ledger {drifted.available} left." in page
    assert count_now()["gate-drift"] == 1

    reply = press(administrator, "gate-drift", "mend", str(drifted.pk), "drift_found")

    assert said(reply) == ["The gate has the ledger's figures."]
    base = redis_client().hget(f"inv:{{{drifted.pk}}}", "base")
    assert (base, LogEntry.objects.count()) == (str(drifted.available).encode(), 1)
    assert "Nothing to do" in administrator.get("/admin/worklists/gate-drift/").text
    assert count_now()["gate-drift"] == 0


def test_a_gate_that_has_been_mended_meanwhile_is_no_work(administrator: Client, drifted: Inventory) -> None:
    mend_gate(actor=Actor("staff", "usr_somebody"))

    assert "Nothing to do" in administrator.get("/admin/worklists/gate-drift/").text
    assert count_now()["gate-drift"] == 0


def test_drift_of_what_the_ledger_does_not_have_is_mended_on_its_own_page(administrator: Client) -> None:
    redis_client().hset("inv:{4711}", mapping={"base": 3, "ver": 1})
    checked("4711")

    page = administrator.get("/admin/worklists/gate-drift/").text

    assert "Inventory 4711" in page
    assert 'href="/admin/catalog/inventory/gate/" class="text-link whitespace-nowrap"' in page
    assert "drift_found" not in page


def test_without_a_check_nobody_knows_of_drift(administrator: Client) -> None:
    for unasked in ((), ("I7", "I8")):
        if unasked:
            checked(unasked=unasked)
        page = administrator.get("/admin/worklists/gate-drift/").text
        assert "No check has told of the gate for 15 minutes" in page
        assert "Nothing to do" not in page
        assert "Not known at the moment" in administrator.get("/admin/worklists/").text
