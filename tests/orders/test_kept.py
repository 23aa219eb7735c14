"""Orders and what was written with them stay: no foreign key guards their parts, so nothing may take them away."""

import pytest
from django.db import IntegrityError, connection, transaction

from altis.shared.actors import Actor
from catalog.models import Flight, Hold
from orders.models import Order, OrderItem, Passenger
from tests.orders.trips import offer_for, place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Order, Passenger, OrderItem, Hold])
def test_a_row_that_others_belong_to_refuses_to_be_deleted(
    flight: Flight, owner_actor: Actor, model: type[Order | Passenger | OrderItem | Hold]
) -> None:
    place(offer_for(), owner_actor)

    with (
        pytest.raises(IntegrityError, match="its rows are history"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {model._meta.db_table}")

    assert model._default_manager.exists()
