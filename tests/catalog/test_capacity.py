"""Another capacity: journalled, announced, pushed to the gate; and never less than customers hold."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from altis.shared.actors import system
from altis.shared.errors import Invalid
from altis.store.models import OutboxEvent
from catalog.errors import CapacityBelowSold
from catalog.models import Inventory, JournalEntry
from catalog.services.capacity import set_capacity
from catalog.services.holds import Need, hold_units
from tests.catalog.books import contradictions, gate
from tests.factories import cabin_of, make_flight

pytestmark = pytest.mark.django_db(transaction=True)
CAUSE = system("operator", "aircraft changed")


@pytest.fixture
def cabin() -> Inventory:
    return cabin_of(make_flight(seats={"economy": 10}))


def _hold(cabin: Inventory, units: int) -> None:
    with transaction.atomic():
        need = Need(cabin.pk, "itm_1", units)
        hold_units(order_id="ord_1", needs=[need], token="off_1", cause=CAUSE)


def test_a_new_capacity_is_journalled_announced_and_told_to_the_gate(cabin: Inventory) -> None:
    [after] = set_capacity(inventory_ids=[cabin.pk], capacity=4, cause=CAUSE)

    assert (after.capacity, after.available, after.version) == (4, 4, 2)
    line = JournalEntry.objects.get(inventory=cabin, version=2)
    assert (line.kind, line.d_capacity, line.actor, line.reason) == (
        "CAPACITY",
        -6,
        "system:operator",
        "aircraft changed",
    )
    event = OutboxEvent.objects.get(subject=f"inv_{cabin.pk}")
    assert (event.type, event.sequence, event.payload["capacity"]) == ("altis.inventory.resized", 2, 4)
    assert gate(cabin) == {"base": "4", "ver": "2"}
    assert contradictions() == {}


def test_the_same_capacity_again_changes_nothing(cabin: Inventory) -> None:
    set_capacity(inventory_ids=[cabin.pk], capacity=10, cause=CAUSE)

    assert (Inventory.objects.get(pk=cabin.pk).version, OutboxEvent.objects.count()) == (1, 0)


@pytest.mark.parametrize(("capacity", "forced_over"), [(2, 0), (1, 1), (0, 0)])
def test_less_than_customers_hold_is_refused(cabin: Inventory, capacity: int, forced_over: int) -> None:
    other = cabin_of(make_flight(seats={"economy": 10}))
    _hold(cabin, 3)

    with pytest.raises(CapacityBelowSold):
        set_capacity(inventory_ids=[other.pk, cabin.pk], capacity=capacity, forced_over=forced_over, cause=CAUSE)

    assert set(Inventory.objects.values_list("capacity", "forced_over")) == {(10, 0)}
    assert OutboxEvent.objects.filter(type="altis.inventory.resized").count() == 0
    assert gate(cabin) == {"base": "7", "ver": "2"}


def test_overbooking_is_allowed_by_name(cabin: Inventory) -> None:
    _hold(cabin, 3)

    [after] = set_capacity(inventory_ids=[cabin.pk], capacity=2, forced_over=2, cause=CAUSE)

    assert (after.held, after.available) == (3, 1)
    assert (gate(cabin), contradictions()) == ({"base": "1", "ver": "3"}, {})


def test_less_than_nothing_is_no_capacity(cabin: Inventory) -> None:
    with pytest.raises(Invalid):
        set_capacity(inventory_ids=[cabin.pk], capacity=-1, cause=CAUSE)

    assert Inventory.objects.get(pk=cabin.pk).capacity == 10


def test_the_command_says_what_is_left(cabin: Inventory) -> None:
    out = io.StringIO()

    call_command("set_capacity", "4", cabin.flight_id, "--reason", "blocked row", stdout=out)

    assert out.getvalue() == f"{cabin.flight_id} economy: 4 of 4 left\n"
    assert JournalEntry.objects.get(version=2).reason == "blocked row"


def test_the_command_refuses_a_flight_that_is_not_there(cabin: Inventory) -> None:
    with pytest.raises(CommandError, match="not_found"):
        call_command("set_capacity", "4", cabin.flight_id, "flt_nowhere", "--reason", "blocked row")

    assert Inventory.objects.get(pk=cabin.pk).capacity == 10
