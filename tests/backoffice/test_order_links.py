"""Lists that name orders link them for whoever may open an order, and for nobody else."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.models import Hold, JournalEntry
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page

pytestmark = pytest.mark.django_db


def _links(client: Client, model: Any) -> list[str]:
    reply = client.get(page(model, "changelist"))
    assert reply.status_code == 200
    return re.findall(r'href="(/admin/orders/order/[^"?]+)"', reply.text)


@pytest.mark.parametrize("model", [Hold, JournalEntry])
def test_a_product_manager_reads_of_orders_and_is_led_to_none(staff: Staff, fulfilled: Order, model: Any) -> None:
    client = staff("Product manager")
    row = model.objects.order_by("-pk").first()

    assert _links(client, model) == []
    text = client.get(page(model, "change", row.pk)).text
    assert "/admin/orders/order/" not in text


@pytest.mark.parametrize("model", [Hold, JournalEntry])
def test_an_auditor_is_led_to_the_orders(staff: Staff, fulfilled: Order, model: Any) -> None:
    client = staff("Auditor")

    assert page(Order, "change", fulfilled.pk) in _links(client, model)
