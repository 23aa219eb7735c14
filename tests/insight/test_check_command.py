"""`manage.py check_invariants`: what it prints, what it writes, and how it ends."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from altis.insight.invariants import INVARIANTS
from altis.insight.management.commands import check_invariants as command
from altis.shared.actors import Actor
from catalog import inventory
from orders.models import Order
from tests.payments.purchases import make_order
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ",".join(sorted({each.number for each in INVARIANTS} - {"I18", "I19"}))


@pytest.fixture
def order(owner_actor: Actor) -> Order:
    return make_order(owner_actor)


def _call(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("check_invariants", *words, stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue(), err.getvalue()


def _spoil() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET total_minor = total_minor + 1")


def test_a_sound_world_is_a_table_of_what_holds(order: Order) -> None:
    code, out, err = _call("--only", OURS)

    assert code == 0
    assert out.count("│ holds │") == len(INVARIANTS) - 2
    assert f"{len(INVARIANTS) - 2} hold, 0 violated, 0 not asked; everything, " in out
    assert "I13   holds" in err


def test_a_violation_is_named_with_its_first_ids(order: Order) -> None:
    _spoil()

    code, out, _ = _call("--only", "I9,I13", "--recent")

    [line] = [line for line in out.splitlines() if "violated" in line and "I13" in line]
    assert (code, order.pk in line) == (1, True)
    assert "1 hold, 1 violated, 0 not asked; recent, " in out


def test_what_could_not_be_asked_is_neither(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    code, out, _ = _call("--only", "I1,I7")

    assert (code, "1 hold, 0 violated, 1 not asked" in out) == (2, True)


def test_the_report_as_json_on_standard_output_is_all_there_is(order: Order) -> None:
    _spoil()

    code, out, _ = _call("--only", "I13", "--json", "-", "--quiesced")

    report: dict[str, Any] = json.loads(out)
    assert code == report["exit_code"] == 1
    assert sorted(report) == ["as_of", "exit_code", "invariants", "quiesced", "scope", "seconds"]
    assert (report["scope"], report["quiesced"]) == ("everything", True)
    [finding] = report["invariants"]
    assert isinstance(finding.pop("seconds"), float)
    assert finding == {
        "number": "I13",
        "title": "Items add up to the order, what was offered to the offer, and every payment is the order's total",
        "kind": "T",
        "state": "violated",
        "found": 1,
        "ids": [order.pk],
    }


def test_the_report_is_written_to_a_file_beside_the_table(order: Order, tmp_path: Path) -> None:
    code, out, _ = _call("--only", "I1", "--json", str(tmp_path / "report.json"))

    assert (code, "1 hold" in out) == (0, True)
    assert json.loads((tmp_path / "report.json").read_text())["invariants"][0]["state"] == "holds"


def test_without_postgresql_nothing_could_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(command, "check_invariants", away)

    code, out, err = _call()

    assert (code, out, "PostgreSQL could not be asked" in err) == (2, "", True)


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(CommandError, match="there is no invariant I24"):
        _call("--only", "I24")
