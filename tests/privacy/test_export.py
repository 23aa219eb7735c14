"""Telling a person everything: whole, readable, and to nobody else."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from altis.accounts.models import Reveal
from altis.accounts.tokens import issue_for
from altis.privacy.services.erase import UnknownPerson, erase_person
from altis.privacy.services.export import export_person
from tests.docs.pages import fences
from tests.payments.simulators import Simulator
from tests.privacy.people import CAUSE, EMAIL, flown_order, make_customer, paid_order

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_export_holds_everything_of_a_person_and_nothing_of_others(gateway: Simulator) -> None:
    user, clerk = make_customer(), make_customer("clerk@example.com")
    order, theirs = paid_order(user), paid_order(clerk)
    issue_for(user)
    Reveal.objects.create(
        actor=clerk, subject=user.pk, object_type="order", object_id=order.pk, reason="rang about a bag"
    )

    told = export_person(person=user.pk)

    [shown] = told["orders"]
    assert (told["format"], told["person"], told["account"]["email"]) == ("altis.person/1", user.pk, EMAIL)
    assert [one["given_name"] for one in shown["passengers"]] == ["TEST", "TEST"]
    assert (shown["contact"]["email"], shown["history"][-1]["to"]) == ("passenger@example.com", "FULFILLED")
    assert len(shown["documents"]) == order.documents.count() > 2
    assert shown["documents"][0]["barcode"]["payload"].startswith("M1PASSENGER/TEST")
    assert [one["status"] for one in told["payments"]] == ["SUCCEEDED"]
    [reveal] = told["account"]["reveals"]
    assert (reveal["by"], reveal["saw"], reveal["reason"]) == (clerk.pk, f"order {order.pk}", "rang about a bag")
    assert len(told["account"]["logins"]) == 1
    assert theirs.pk not in json.dumps(told)


def test_a_passenger_is_told_their_own_part(gateway: Simulator) -> None:
    order = flown_order(make_customer())
    first, second = order.passengers.order_by("position")

    told = export_person(person=first.pk)

    [shown] = told["orders"]
    assert [one["id"] for one in shown["passengers"]] == [first.pk]
    assert ("contact" in shown, second.pk in json.dumps(told), told["account"]) == (False, False, None)


def test_an_erased_person_is_told_when_they_were_erased(gateway: Simulator) -> None:
    user = make_customer()
    flown_order(user)
    erase_person(person=user.pk, cause=CAUSE)

    told = export_person(person=user.pk)

    assert told["keys"]["erased_at"] is not None
    assert (told["account"]["email"], told["orders"][0]["passengers"][0]["given_name"]) == ("", "")


def test_the_file_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    user, target = make_customer(), tmp_path / "person.json"

    call_command("export_person", user.pk, "--out", str(target))
    with pytest.raises(CommandError):
        call_command("export_person", user.pk, "--out", str(target))

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text())["account"]["email"] == EMAIL


def test_the_command_finds_a_person_by_their_address(monkeypatch: pytest.MonkeyPatch) -> None:
    user, out = make_customer(), StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f" {EMAIL} \n"))

    call_command("export_person", "--email-stdin", stdout=out)

    assert json.loads(out.getvalue())["person"] == user.pk


def test_nobody_unknown_is_exported() -> None:
    with pytest.raises(UnknownPerson):
        export_person(person="usr_01jd0000000000000000000000")


def test_the_page_shows_the_shape_of_an_export(gateway: Simulator) -> None:
    user = make_customer()
    flown_order(user)
    [example] = [json.loads(block) for block in fences("docs/privacy.md", "json")]

    told = export_person(person=user.pk)

    assert list(example) == list(told)
    assert list(example["account"]) == list(told["account"])
    assert list(example["orders"][0]) == list(told["orders"][0])
    assert list(example["payments"][0]) == list(told["payments"][0])
    assert list(example["keys"]) == list(told["keys"])
