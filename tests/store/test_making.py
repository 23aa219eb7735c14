"""Rows made without Django's constructor are the rows that it makes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models
from django.db.models.expressions import DatabaseDefault

from altis.privacy.models import SubjectKey
from altis.store.making import make
from catalog.models import Hold, SeatAssignment
from offers.models import Offer
from orders.models import Order, OrderEvent, OrderItem, Passenger

MADE = [Order, OrderEvent, OrderItem, Passenger, Offer, Hold, SeatAssignment, SubjectKey]
_DRAWN = {"id", "reference"}  # another one each time


@pytest.mark.parametrize("model", MADE)
def test_what_is_not_given_has_the_default_that_django_gives(model: type[models.Model]) -> None:
    ours, theirs = make(model), model()

    assert _plain(ours) == _plain(theirs)
    assert vars(ours._state) == vars(theirs._state)
    assert vars(ours).keys() - {"_state"} == vars(theirs).keys() - {"_state"}


def test_what_is_given_is_kept_and_no_default_is_drawn_for_it() -> None:
    now = datetime.now(UTC)

    order = make(Order, id="ord_1", reference="AAAAAA", owner_id="usr_1", created_at=now, contact_email="a@b.example")

    assert (order.pk, order.reference, order.owner_id, order.created_at) == ("ord_1", "AAAAAA", "usr_1", now)
    assert (order.contact_email, order._state.adding) == ("a@b.example", True)


def test_no_two_rows_share_an_id_or_a_list() -> None:
    first, second = make(Order), make(Order)

    first.lines.append({"item_id": "itm_1"})

    assert first.pk != second.pk
    assert second.lines == []


@pytest.mark.parametrize("name", ["order", "colour", "pk"])
def test_a_name_that_is_no_column_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=f"Passenger has no {name}"):
        make(Passenger, **{name: "x"})


def test_a_made_row_is_like_any_other() -> None:
    row = make(Passenger, order_id="ord_1", position=2, type="adult")

    assert str(row) == "adult 3"
    assert row == Passenger(id=row.pk)


def _plain(row: models.Model) -> dict[str, Any]:
    values = {name: value for name, value in vars(row).items() if name not in {*_DRAWN, "_state"}}
    return {name: type(value) if isinstance(value, DatabaseDefault) else value for name, value in values.items()}
