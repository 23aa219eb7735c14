"""Events into figures: once each, in any order, and nothing stops for what cannot be read."""

import random
from datetime import timedelta

import pytest
from django.db import OperationalError

from altis.insight.models import Checkpoint, DailyOrders, DailySales, InventoryLoad, SeenEvent, StrayMessage
from altis.insight.selectors import orders_by_status
from altis.insight.services import project
from altis.insight.services.project import Projected, project_records
from altis.store.kafka_consumer import Record
from tests.insight.projections.events import (
    BOTH,
    FIGURES,
    NOON,
    Told,
    bought,
    figures,
    inventory,
    money,
    order,
    payment,
    raw,
    records,
    search,
)

pytestmark = pytest.mark.django_db(databases=BOTH)


def test_events_become_figures() -> None:
    told = [*bought(), *bought(at=NOON + timedelta(days=1)), *bought(at=NOON + timedelta(days=1)), search("accepted")]

    assert project_records(records(told)) == Projected(applied=13)

    sales = DailySales.objects.order_by("day").values_list("day", "currency", "orders", "amount_minor")
    assert [(f"{day:%d}", *rest) for day, *rest in sales] == [("01", "USD", 1, 29_000), ("02", "USD", 2, 58_000)]
    assert list(DailyOrders.objects.order_by("day").values_list("placed", "paid", "expired")) == [(1, 1, 0), (2, 2, 0)]
    assert SeenEvent.objects.count() == 13


def test_the_orders_of_each_status_are_told_by_their_moves() -> None:
    expired = order("expired", 2, came_from="PROPOSED")
    told = [*bought(), *bought()[:3], order("proposed", 1), expired, order("proposed", 1, subject=expired.subject)]
    random.Random(3).shuffle(told)

    project_records(records(told))

    assert orders_by_status() == {"FULFILLED": 1, "PAID": 1, "PROPOSED": 1, "EXPIRED": 1}


def test_a_repeated_delivery_changes_nothing() -> None:
    told = [*bought(), inventory(1, 1, sold=1), search()]
    project_records(records(told))
    before = figures()

    assert project_records(records([*told, *told])) == Projected()

    assert figures() == before
    assert SeenEvent.objects.count() == len(told)


def test_an_event_that_comes_twice_in_one_batch_counts_once() -> None:
    paid = order("paid", 1)

    assert project_records(records([paid, paid])) == Projected(applied=1)

    assert DailySales.objects.get().orders == 1


def test_a_failure_inside_the_transaction_leaves_neither_the_effect_nor_the_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, nothing = bought(), figures()

    def dies(_changes: object) -> None:
        raise OperationalError

    monkeypatch.setattr(project, "write", dies)
    with pytest.raises(OperationalError):
        project_records(records(told))

    assert figures() == nothing
    assert not SeenEvent.objects.exists()
    monkeypatch.undo()
    assert project_records(records(told)) == Projected(applied=4)


def test_the_figures_do_not_depend_on_order_or_batches() -> None:
    refund = [payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED"), payment("refunded", 5, "pay_1")]
    told = [*bought(), *bought(), *refund, inventory(1, 3, sold=3), inventory(1, 5, sold=4), search("accepted")]
    project_records(records(told))
    expected = figures()
    shuffler = random.Random(7)

    for _ in range(5):
        for model in (SeenEvent, *FIGURES):
            model._default_manager.all().delete()
        shuffler.shuffle(told)
        for event in told:
            project_records(records([event]))
        assert figures() == expected


def test_the_highest_version_of_an_inventory_wins() -> None:
    project_records(records([inventory(1, 8, sold=6), inventory(1, 5, sold=4)]))
    project_records(records([inventory(1, 7, sold=5), inventory(2, 1, sold=1)]))

    rows = InventoryLoad.objects.order_by("inventory_id").values_list("inventory_id", "version", "sold")
    assert list(rows) == [("inv_1", 8, 6), ("inv_2", 1, 1)]


def test_a_refund_of_a_sale_is_taken_off_on_the_day_it_went_back() -> None:
    project_records(records([payment("refunded", 5, "pay_1", at=NOON + timedelta(days=2))]))
    assert not DailySales.objects.exists()

    project_records(records([payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED")]))

    row = DailySales.objects.get()
    assert (row.day, row.orders, row.refunds, row.refunded_minor) == ((NOON + timedelta(days=2)).date(), 0, 1, 29_000)


def test_late_money_that_goes_back_was_never_a_sale() -> None:
    late = [payment("refund_requested", 3, "pay_1", came_from="UNKNOWN"), payment("refunded", 4, "pay_1")]

    project_records(records(late))

    assert not DailySales.objects.exists()


def test_strays_are_kept_and_the_others_count() -> None:
    strays = [
        Record("altis.orders", 1, 5, b"{"),
        Record("altis.orders", 1, 6, None),
        Record("altis.orders", 1, 7, raw(id=None)),
    ]
    shapeless = order("paid", 1, total=None)

    done = project_records([strays[0], *records(bought()), strays[1], shapeless.record(), strays[2]])

    assert done.applied == 5
    assert DailySales.objects.get().orders == 1
    kept = StrayMessage.objects.order_by("reason").values_list("reason", flat=True)
    assert list(kept) == ["altis.order.paid: TypeError", "empty", "no id", "not JSON"]
    assert bytes(StrayMessage.objects.get(reason="not JSON").value) == b"{"


def test_a_stray_that_comes_again_is_kept_once() -> None:
    stray = Record("altis.orders", 1, 5, b"x" * 5000)

    project_records([stray])
    project_records([stray])

    assert len(bytes(StrayMessage.objects.get().value)) == 1000


@pytest.mark.parametrize(
    "told",
    [
        order("paid", 1, total=money("10.00", "DOLLARS")),
        order("paid", 1, lines=[{"type": "b\x00g", "quantity": 1, "total": money("1.00")}]),
        inventory(1, 1, sold=2**40),
        search(weight="99999999.9999", shown_at="9999-12-31T00:00:00Z"),
    ],
    ids=["long", "nul", "large", "fits"],
)
def test_one_event_that_the_database_refuses_stands_alone(told: Told) -> None:
    good = bought() + bought()

    project_records(records([*good[:5], told, *good[5:]]))

    assert DailySales.objects.get(currency="USD").orders == 2
    assert SeenEvent.objects.count() == 9


def test_a_gap_in_the_versions_of_an_order_is_noticed() -> None:
    proposed, pending, paid, fulfilled = bought()

    assert project_records(records([proposed, pending])).gaps == 0
    assert project_records(records([fulfilled])).gaps == 1
    assert project_records(records([paid])).gaps == 0
    assert project_records(records([order("archived", 5, subject=paid.subject)])).gaps == 0


def test_an_inventory_may_count_several_versions_at_once() -> None:
    assert project_records(records([inventory(1, 1, sold=1), inventory(1, 4, sold=4)])).gaps == 0


def test_what_is_older_than_the_purge_counts_as_projected() -> None:
    Checkpoint.objects.create(id=1, forgotten_before=NOON)

    done = project_records(records([order("paid", 1, at=NOON - timedelta(seconds=1)), order("paid", 1, at=NOON)]))

    assert done.applied == 1
    assert DailySales.objects.get().orders == 1
