"""Erasing a person: nothing of them can be read, everything else stays as it was, and not before its time."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from altis.privacy import keys
from altis.privacy.boxes import seal_for
from altis.privacy.errors import Erased
from altis.privacy.keepers import Objection
from altis.privacy.models import ErasureLog, SubjectKey
from altis.privacy.services.erase import ErasureRefused, UnknownPerson, erase_person
from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from altis.store.models import IdempotencyKey, OutboxEvent
from offers.documents import OfferDocument
from orders.errors import DocumentNotFound
from orders.models import Document, Order, OrderEvent
from orders.selectors import document_for
from payments.models import Payment
from tests.clients import user_client
from tests.insight.books import ALWAYS, violations
from tests.orders.trips import nothing_happens, offer_for, place
from tests.payments.purchases import begin_and_submit
from tests.payments.simulators import Simulator
from tests.privacy.people import CAUSE, EMAIL, flown_order, held_order, make_customer, paid_order, readable
from tests.races.threads import Runner, race

pytestmark = pytest.mark.django_db(transaction=True)


def books() -> dict[str, Any]:
    """What accounting stands on: it must be the same after an erasure."""
    return {
        "orders": list(Order.objects.order_by("pk").values("pk", "status", "version", "total_minor", "owner_id")),
        "payments": list(Payment.objects.order_by("pk").values("pk", "status", "amount_minor", "version")),
        "documents": list(Document.objects.order_by("pk").values("pk", "order_id", "type", "subject")),
        "history": list(OrderEvent.objects.order_by("pk").values("pk", "to_status", "actor", "reason")),
        "outbox": list(OutboxEvent.objects.order_by("position").values("id", "payload")),
    }


def test_an_erased_person_cannot_be_read_and_the_books_stay(gateway: Simulator) -> None:
    user, other = make_customer(), make_customer("other@example.com")
    order = flown_order(user)
    passengers = list(order.passengers.values_list("pk", flat=True))
    before, read_before = books(), readable()

    erased = erase_person(person=user.pk, cause=CAUSE)

    assert len(read_before) == 1 + 1 + 2 + 6 + order.documents.count()  # two accounts, contact, passengers, documents
    assert readable() == [f"accounts_user.email {other.pk}"]
    assert erased == tuple(sorted([user.pk, *passengers]))
    assert books() == before
    assert violations(ALWAYS) == {}


def test_an_erased_person_is_found_by_nothing_and_enters_nowhere(gateway: Simulator) -> None:
    user = make_customer()
    order, pair = flown_order(user), issue_for(user)
    client = user_client(user)
    erase_person(person=user.pk, cause=CAUSE)

    fresh = User.objects.get(pk=user.pk)

    assert User.objects.filter(email_index=user.email_index).exists() is False
    assert (fresh.is_active, fresh.has_usable_password(), fresh.email) == (False, False, "")
    assert client.get(f"/v1/orders/{order.pk}").status_code == 401
    assert user_client(user).post("/v1/auth/token/refresh", {"refresh": pair.refresh}).status_code == 401
    assert OutstandingToken.objects.filter(user=user, jti=pair.refresh).exists() is False
    assert Order.objects.get(pk=order.pk).client == ""


def test_a_document_of_an_erased_person_is_not_found_by_a_token_still_believed(gateway: Simulator) -> None:
    user = make_customer()
    document = flown_order(user).documents.all()[0]
    actor = Actor("user", user.pk)
    assert document_for(actor, document.pk).payload == document.payload

    erase_person(person=user.pk, cause=CAUSE)

    with pytest.raises(DocumentNotFound):
        document_for(actor, document.pk)


def test_the_address_is_free_again(gateway: Simulator) -> None:
    user = make_customer()
    erase_person(person=user.pk, cause=CAUSE)

    again = make_customer()

    assert (again.pk != user.pk, User.objects.get_by_natural_key(EMAIL).pk) == (True, again.pk)


@pytest.mark.parametrize(
    ("make", "reason"),
    [(paid_order, "order_not_flown"), (held_order, "payment_open")],
)
def test_nobody_is_erased_before_their_trip(gateway: Simulator, make: Callable[[User], Order], reason: str) -> None:
    user = make_customer()
    order = make(user)
    before = readable()

    with nothing_happens(), pytest.raises(ErasureRefused) as refusal:
        erase_person(person=user.pk, cause=CAUSE)

    assert refusal.value.objections == (Objection(reason, order.pk),)
    assert (readable(), ErasureLog.objects.exists()) == (before, False)


def test_nobody_is_erased_while_their_money_moves(gateway: Simulator) -> None:
    user = make_customer()
    payment = begin_and_submit(held_order(user))

    with nothing_happens(), pytest.raises(ErasureRefused) as refusal:
        erase_person(person=user.pk, cause=CAUSE)

    assert {each.reason for each in refusal.value.objections} == {"payment_open"}
    assert {each.thing for each in refusal.value.objections} == {payment.order_id, payment.pk}


def test_one_passenger_is_erased_and_the_other_is_not(gateway: Simulator) -> None:
    user = make_customer()
    first, second = flown_order(user).passengers.order_by("position")

    erase_person(person=first.pk, cause=CAUSE)

    left = readable()
    assert [name for name in left if first.pk in name] == []
    assert len([name for name in left if second.pk in name]) == 3
    assert User.objects.get(pk=user.pk).is_active is True


def test_a_guest_is_erased_with_the_answers_kept_for_them() -> None:
    guest = "gst_01jd0000000000000000000000"
    IdempotencyKey.objects.create(
        principal=guest, route="POST /x", key="k", fingerprint="f", status=200, body=seal_for(guest, "c", "text")
    )

    assert erase_person(person=guest, cause=CAUSE) == (guest,)

    assert (IdempotencyKey.objects.exists(), SubjectKey.objects.exists()) == (False, False)


def test_an_erased_person_never_gets_a_data_key_again() -> None:
    user = make_customer()
    erase_person(person=user.pk, cause=CAUSE)

    with pytest.raises(Erased):
        keys.data_key(user.pk, create=True)
    keys.prefetch([user.pk], create=True)

    assert SubjectKey.objects.exists() is False


def test_erasing_twice_does_no_harm() -> None:
    user = make_customer()
    erase_person(person=user.pk, cause=CAUSE)
    at = ErasureLog.objects.get().at

    assert erase_person(person=user.pk, cause=CAUSE) == (user.pk,)

    assert ErasureLog.objects.get().at == at


def test_what_nobody_knows_is_not_written_down() -> None:
    with pytest.raises(UnknownPerson):
        erase_person(person="usr_01jd0000000000000000000000", cause=CAUSE)

    assert ErasureLog.objects.exists() is False


def test_a_failure_on_the_way_leaves_everything_readable(gateway: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_customer()
    flown_order(user)
    before = readable()
    monkeypatch.setattr("altis.privacy.services.erase._write_down", _fail)

    with nothing_happens(), pytest.raises(ZeroDivisionError):
        erase_person(person=user.pk, cause=CAUSE)

    assert readable() == before


def _fail(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("change", ["UPDATE privacy_erasurelog SET reason = 'x'", "DELETE FROM privacy_erasurelog"])
def test_the_log_refuses_changes(change: str) -> None:
    erase_person(person=make_customer().pk, cause=CAUSE)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert ErasureLog.objects.get().reason == "person_asked"


def test_sessions_of_staff_end_and_those_of_others_go_on() -> None:
    user = make_customer()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    for key, owner in (("mine", user.pk), ("yours", "usr_else")):
        data = SessionStore().encode({"_auth_user_id": owner})
        Session.objects.create(session_key=key, session_data=data, expire_date=now() + timedelta(hours=1))

    erase_person(person=user.pk, cause=CAUSE)

    assert list(Session.objects.values_list("pk", flat=True)) == ["yours"]
    assert User.objects.get(pk=user.pk).is_staff is False


def test_a_process_that_had_the_key_forgets_it_within_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    user, clock = make_customer(), [100.0]
    monkeypatch.setattr("altis.privacy.cache.time.monotonic", lambda: clock[0])
    keys.forget_all()
    keys.data_key(user.pk)
    monkeypatch.setattr("altis.privacy.services.erase.keys.forget", lambda _: None)  # as in any other process
    erase_person(person=user.pk, cause=CAUSE)

    clock[0] += keys.TTL_SECONDS - 0.001
    assert User.objects.get(pk=user.pk).email == EMAIL
    clock[0] += 0.001

    assert (keys.TTL_SECONDS, User.objects.get(pk=user.pk).email) == (30.0, "")


def test_an_order_that_is_being_placed_is_awaited_or_refused() -> None:
    market_user = make_customer("market@example.com")
    Order.objects.filter(pk=held_order(market_user).pk).update(client="")
    for number in range(6):
        user = make_customer(f"racer{number}@example.com")
        offer = offer_for()

        placed, erased = race(
            [
                Runner(partial(_placed, offer, user), after=0.01 * (number % 3)),
                Runner(partial(_erased, user.pk)),
            ]
        )

        won = (placed == Unauthenticated.code, erased == "erased")
        assert won in {(True, True), (False, False)}, (placed, erased)
        assert violations(["I26"]) == {}


def _placed(offer: OfferDocument, user: User) -> str:
    return str(place(offer, Actor("user", user.pk)).pk)


def _erased(person: str) -> str:
    try:
        erase_person(person=person, cause=CAUSE)
    except ErasureRefused:
        return "refused"
    return "erased"


def test_the_command_tells_what_stands_in_the_way(gateway: Simulator) -> None:
    user = make_customer()
    order = paid_order(user)

    with pytest.raises(CommandError, match=f"not erased: order_not_flown {order.pk}"):
        call_command("erase_person", user.pk)

    assert User.objects.get(pk=user.pk).is_active is True


def test_the_command_takes_an_address_from_its_input_only(monkeypatch: pytest.MonkeyPatch) -> None:
    user, out = make_customer(), StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f"{EMAIL}\n"))

    call_command("erase_person", "--email-stdin", "--by", "usr_clerk", "--reason", "court_order", stdout=out)

    assert out.getvalue() == f"erased: {user.pk}\n"
    [row] = ErasureLog.objects.values_list("subject", "actor", "reason")
    assert row == (user.pk, "staff:usr_clerk", "court_order")
