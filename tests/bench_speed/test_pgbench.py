"""Where a run of pgbench goes on counting."""

from pathlib import Path

import pytest
from django.db import connection

from altis.accounts.models import User
from bench.speed.pgbench import Pgbench, write_scripts
from orders.models import Order
from tests.store.rows import bare_order


@pytest.mark.django_db(transaction=True)
def test_an_order_whose_reference_happens_to_be_a_number_is_not_counted(owner_user: User, tmp_path: Path) -> None:
    scripts = write_scripts(tmp_path / "scripts", ["SELECT 1"], mode="simple", users=(1, 2), shapes=[()])
    pgbench = Pgbench(_url(), scripts)
    firsts = [pgbench._first(16)]

    for reference in ("974322", "100160", "ABC123"):
        Order.objects.filter(pk=bare_order(owner_user).pk).update(reference=reference)
        firsts.append(pgbench._first(16))

    assert firsts == [1, 1, 11, 11]


def _url() -> str:
    place = connection.settings_dict
    login = f"{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}"
    return f"postgresql://{login}/{place['NAME']}"
