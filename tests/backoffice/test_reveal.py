"""Personal data in clear: to whom, for which reason, and that it is written down before anybody sees it."""

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client

from altis.accounts.models import Reveal, User
from altis.privacy import keys
from altis.privacy.models import SubjectKey
from orders.models import Order
from tests.backoffice.conftest import Staff
from tests.backoffice.pages import page

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Asked on the telephone for a new name badge"
CLEAR = ("TEST PASSENGER", "1990-12-10", "passenger@example.com", "+442079460018")


def _ask(client: Client, row: Order | User, reason: str | None = REASON, **headers: str) -> Any:
    address = page(type(row), "change", quote(row.pk)).replace("/change/", "/reveal/")
    return client.post(
        address, {"reason": reason, "_form_submitted": "on"} if reason is not None else {}, headers=headers
    )


def test_an_agent_sees_who_travels_once_the_reason_is_written_down(proposed: Order, staff: Staff) -> None:
    reply = _ask(staff("Customer agent"), proposed)

    assert (reply.status_code, reply["HX-Retarget"]) == (200, "#dialog")
    assert "no-store" in reply["Cache-Control"]
    assert [text for text in CLEAR if text not in reply.text] == []
    row = Reveal.objects.get()
    agent = User.objects.get(groups__name="Customer agent")
    assert (row.actor, row.subject, row.reason) == (agent, proposed.owner_id, REASON)
    assert (row.object_type, row.object_id) == ("order", proposed.pk)


def test_an_account_shows_its_address(owner_user: User, staff: Staff) -> None:
    reply = _ask(staff("Administrator"), owner_user)

    assert "owner@example.com" in reply.text
    assert (Reveal.objects.get().object_type, Reveal.objects.get().subject) == ("user", owner_user.pk)


@pytest.mark.parametrize("role", ["Auditor", "Finance", "Product manager", "Pricing analyst", "none"])
def test_nobody_else_sees_anything(proposed: Order, staff: Staff, role: str) -> None:
    client = staff(role)

    replies = [_ask(client, row) for row in (proposed, proposed.owner)]

    assert [reply.status_code for reply in replies] == [403, 403]
    assert "Reveal personal data" not in client.get(page(Order, "change", quote(proposed.pk))).text
    assert not Reveal.objects.exists()


def test_the_right_needs_the_right_to_see_the_page(proposed: Order, staff: Staff) -> None:
    client = staff("none")
    User.objects.get(is_staff=True).user_permissions.add(Permission.objects.get(codename="reveal_personal_data"))

    assert _ask(client, proposed).status_code == 403
    assert not Reveal.objects.exists()


@pytest.mark.parametrize(
    "reason",
    [None, "", "too short", "x" * 201, " " * 30, "with a nul \0 in it"],
    ids=["none", "empty", "short", "long", "blank", "nul"],
)
def test_without_a_reason_nothing_is_shown(proposed: Order, staff: Staff, reason: str | None) -> None:
    reply = _ask(staff("Customer agent"), proposed, reason)

    assert (reply.status_code, "Reveal personal data?" in reply.text) == (200, True)
    assert [text for text in CLEAR if text in reply.text] == []
    assert not Reveal.objects.exists()


def test_looking_at_the_dialog_shows_nothing(proposed: Order, staff: Staff) -> None:
    address = f"/admin/orders/order/{quote(proposed.pk)}/reveal/"

    reply = staff("Customer agent").get(address, {"reason": REASON, "_form_submitted": "on"})

    assert [text for text in CLEAR if text in reply.text] == []
    assert not Reveal.objects.exists()


def test_what_cannot_be_written_down_is_not_shown(proposed: Order, staff: Staff) -> None:
    agent = staff("Customer agent")
    agent.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_reveal ADD CONSTRAINT closed CHECK (false) NOT VALID")

    try:
        reply = _ask(agent, proposed)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_reveal DROP CONSTRAINT closed")

    assert reply.status_code == 500
    assert [text for text in CLEAR if text in reply.text] == []


@pytest.mark.parametrize("table", ["accounts_reveal", "django_admin_log"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET object_id = 'x'"])
def test_who_has_seen_and_done_what_cannot_be_rewritten(owner_user: User, table: str, change: str) -> None:
    of = {"subject": owner_user.pk, "object_type": "user", "object_id": owner_user.pk}
    Reveal.objects.create(actor=owner_user, reason="for a test", **of)
    LogEntry.objects.log_actions(owner_user.pk, [owner_user], CHANGE, "Tested")

    with (
        pytest.raises(IntegrityError, match="its rows are history"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table))

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE object_id <> 'x'")
        assert cursor.fetchone() == (1,)


def test_the_reason_is_sealed_and_goes_with_the_person(proposed: Order, staff: Staff) -> None:
    _ask(staff("Customer agent"), proposed)
    row, auditor = Reveal.objects.get(), staff("Auditor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM accounts_reveal")
        assert cursor.fetchone()[0].startswith("v1|")
    assert REASON in auditor.get(page(Reveal, "change", quote(row.pk))).text

    SubjectKey.objects.filter(pk=proposed.owner_id).delete()
    keys.forget_all()

    text = auditor.get(page(Reveal, "change", quote(row.pk))).text
    assert (REASON in text, "erased" in text) == (False, True)


def test_an_erased_person_stays_erased(proposed: Order, staff: Staff) -> None:
    SubjectKey.objects.filter(pk=proposed.owner_id).delete()

    reply = _ask(staff("Customer agent"), proposed)

    assert "has been erased" in reply.text
    assert [text for text in CLEAR if text in reply.text] == []
    assert not Reveal.objects.exists()
    assert not SubjectKey.objects.filter(pk=proposed.owner_id).exists()


def test_an_order_that_is_none_reveals_nothing(proposed: Order, staff: Staff) -> None:
    proposed.pk = "ord_none"

    assert _ask(staff("Customer agent"), proposed).status_code == 404
    assert not Reveal.objects.exists()


def test_a_card_number_is_no_reason(proposed: Order, staff: Staff) -> None:
    agent, card = staff("Customer agent"), "4242 4242 " + "4242 4242"

    replies = [_ask(agent, proposed, f"paid with {card}", **headers) for headers in ({}, {"HX-Request": "true"})]

    assert [(reply.status_code, reply.get("HX-Refresh")) for reply in replies] == [(422, None), (422, "true")]
    assert "looks like a card number" in agent.get(f"/admin/orders/order/{quote(proposed.pk)}/change/").text
    assert not Reveal.objects.exists()
