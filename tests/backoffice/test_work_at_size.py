"""The first page and the work lists after a year, with much to do: under 300 ms, and under 25 and 15 queries."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from altis.accounts.roles import Role
from altis.backoffice.worklists.counts import count_now
from altis.backoffice.worklists.lists import LISTS
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.backoffice.crowds import FLIGHTS, gather
from tests.backoffice.measuring import measured, slow, write_down

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "analytics"]), pytest.mark.slow]
_FLIGHT = f"flt_{1:026}"
# A thousand paid orders are on one cancelled flight, and a few on each of others; a gateway has been away for hours.
_WORK = (
    f"UPDATE catalog_hold SET inventory_id = 1000001 WHERE id LIKE 'hld_%' AND id <= 'hld_{3500:026}'",
    "UPDATE catalog_flight SET cancelled_at = now(), sales_open = false, departing_at = now() + interval '9 days',"
    f" arriving_at = now() + interval '10 days' WHERE id <= 'flt_{40:026}' AND id LIKE 'flt_0000%'",
    "UPDATE payments_payment SET status = 'UNKNOWN', deadline_at = now() - interval '1 hour'"
    f" WHERE id LIKE 'pay_0000%' AND id <= 'pay_{500:026}'",
    f"UPDATE payments_refund SET status = 'FAILED' WHERE id LIKE 'ref_0000%' AND id <= 'ref_{200:026}'",
    "UPDATE payments_webhookreceipt SET outcome = 'unknown', received_at = now() WHERE event_id LIKE 'whk_77%'",
    "UPDATE store_outboxevent SET published_at = NULL, parked_at = now() WHERE position BETWEEN 1000001 AND 1000100",
    "INSERT INTO insight_inventoryload (inventory_id, flight_id, cabin, capacity, held, sold, version, changed_at)"
    f" SELECT 'inv_' || (1000000 + n), 'flt_' || lpad(n::text, 26, '0'), 'economy', 180, 3, n % 180, 5, now()"
    f" FROM generate_series(1, {FLIGHTS}) AS n",
    "INSERT INTO insight_dailyorders (day, placed, paid, cancelled_by_customer, cancelled_by_staff, declined, expired,"
    " changed) SELECT current_date - n, 400, 300, 9, 2, 5, 80, 7 FROM generate_series(0, 400) AS n",
    "INSERT INTO insight_dailysales (day, currency, orders, amount_minor, refunds, refunded_minor)"
    " SELECT current_date - n, currency, 150, 9000000, 3, 90000"
    " FROM generate_series(0, 400) AS n, unnest(ARRAY['USD', 'EUR']) AS currency",
    "INSERT INTO insight_dailyproductsales (day, currency, product_type, units, amount_minor)"
    " SELECT current_date - n, 'USD', kind, 99, 800000 FROM generate_series(0, 400) AS n,"
    " unnest(ARRAY['flight', 'seat', 'bag', 'meal', 'lounge', 'wifi', 'insurance', 'priority']) AS kind",
    "INSERT INTO insight_dailyacceptance (day, searches, accepted)"
    " SELECT current_date - n, 9000, 400 FROM generate_series(0, 400) AS n",
    "INSERT INTO insight_invariantrun (scope, as_of, seconds, asked, broken, unasked)"
    " SELECT 'recent', now() - n * interval '1 minute', 1, 30, '[]', '[]' FROM generate_series(0, 10080) AS n",
    "ANALYZE",
)


@pytest.fixture
def busy(everything: Order) -> None:
    gather()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for statement in _WORK:
                cursor.execute(statement)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
    cache.clear()


@pytest.mark.timeout(900)
def test_the_first_page_and_the_work_lists_are_quick_when_there_is_much_to_do(busy: None, staff: Staff) -> None:
    client: Any = staff(Role.ADMINISTRATOR.value)
    addresses = [f"/admin/worklists/{work.name}/" for work in LISTS]
    addresses += ["/admin/", "/admin/worklists/", f"/admin/worklists/flights/{_FLIGHT}/", "/admin/invariants/"]

    pages = {address: measured(client, address) for address in addresses}

    write_down(pages, "work-at-size.txt")
    assert slow(pages) == {}
    waiting = count_now()
    assert (waiting["disrupted"] or 0) > 900
    assert [waiting[name] for name in ("stuck-payments", "failed-refunds", "parked-events")] == [500, 200, 100]
