"""Rows are written as Django would write them, and read as it would read them."""

from typing import Any

import pytest
from django.db import IntegrityError

from altis.accounts.models import User
from altis.privacy.models import SubjectKey
from altis.shared.ids import new_id
from altis.store import rows
from altis.store.database import command
from altis.store.models import OutboxEvent
from altis.store.reading import find
from altis.store.rows import insert, plain_value
from altis.store.statements import Answer
from catalog.models import Product
from orders.models import Order
from tests.factories import make_product
from tests.store.rows import unsaved_order
from tests.wire import listening

pytestmark = pytest.mark.django_db(transaction=True)
_BY_ID = "WHERE id = $1"
AWKWARD = {"text": 'é "quoted" \\ back \n', "none": None, "list": [1, -2, {"a": []}], "yes": True}


def values(order: Order) -> dict[str, Any]:
    return {field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields}


def test_a_row_is_as_django_would_have_written_it(owner_user: User) -> None:
    ours, theirs = (
        unsaved_order(owner_user, status="PROPOSED", contact_email="é@example.com", contact_phone="", slices=[AWKWARD])
        for _ in range(2)
    )

    with command():
        insert([ours])
    theirs.save(force_insert=True)

    mine, django = (values(Order.objects.get(pk=row.pk)) for row in (ours, theirs))
    own = {"id", "reference", "offer_id", "created_at", "expires_at", "arrives_at"}
    assert {name: mine[name] for name in mine.keys() - own} == {name: django[name] for name in django.keys() - own}
    assert (mine["slices"], mine["contact_email"]) == ([AWKWARD], "é@example.com")
    assert (mine["expires_at"], mine["created_at"].tzinfo) == (ours.expires_at, django["created_at"].tzinfo)


def test_a_row_is_read_as_django_would_read_it(owner_user: User) -> None:
    order = unsaved_order(owner_user, status="PROPOSED", contact_email="a@example.com", contact_phone="+4420")
    insert([order])

    [found] = find(Order, _BY_ID, order.pk).all()

    assert values(found) == values(Order.objects.get(pk=order.pk))
    assert (found._state.adding, found.contact_email) == (False, "a@example.com")
    assert find(Order, _BY_ID, "ord_none").first() is None
    with pytest.raises(Order.DoesNotExist):
        find(Order, _BY_ID, "ord_none").one()


def test_every_kind_of_column_comes_back() -> None:
    product = make_product("lounge")

    found = find(Product, _BY_ID, product.pk).one()

    stored = Product.objects.get(pk=product.pk)
    assert [getattr(found, field.attname) for field in Product._meta.concrete_fields] == [
        getattr(stored, field.attname) for field in Product._meta.concrete_fields
    ]


def test_bytes_keep_their_bytes() -> None:
    wrapped = bytes(range(256))

    insert([SubjectKey(subject="usr_1", dek_wrapped=wrapped, kek_id="k")])

    assert bytes(SubjectKey.objects.get().dek_wrapped) == wrapped


def test_rows_of_many_tables_are_one_statement_and_those_of_one_keep_their_order() -> None:
    events = [OutboxEvent(topic="t", type="t", subject=str(number), sequence=1) for number in range(4)]
    with listening() as wire, command():
        insert(events[:2])
        insert([SubjectKey(subject=new_id("usr"), dek_wrapped=b"", kek_id="k")])
        insert(events[2:])

    assert len(wire.statements) == 4, "BEGIN, time-outs, INSERT, COMMIT"
    assert list(OutboxEvent.objects.order_by("position").values_list("subject", flat=True)) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("count", [1, 2, rows._FEW, rows._FEW + 1])
def test_few_rows_and_many_are_written_alike(count: int) -> None:
    payloads = [{"awkward": AWKWARD, "number": number} for number in range(count)]
    events = [OutboxEvent(topic="t", type="é", subject=str(n), sequence=1, payload=p) for n, p in enumerate(payloads)]

    with command():
        insert(events)

    written = OutboxEvent.objects.order_by("position")
    assert [(row.payload, row.type, row.published_at, row.headers) for row in written] == [
        (payload, "é", None, {}) for payload in payloads
    ]


def test_however_many_rows_there_are_they_make_few_statements() -> None:
    def sent(count: int) -> bytes:
        group = rows._Inserts(Answer(lambda: None))
        group.add(rows.Shape("t", ("a",)), [{"a": number} for number in range(count)], {})
        return group.sent().text

    assert len({sent(count) for count in range(1, 60)}) == rows._FEW + 1


def test_a_conflict_leaves_none_of_them() -> None:
    events = [OutboxEvent(topic="t", type="t", subject="same", sequence=1) for _ in range(2)]

    def write() -> None:
        with command():
            insert([SubjectKey(subject="usr_1", dek_wrapped=b"", kek_id="k")])
            insert(events)

    with pytest.raises(IntegrityError, match="outbox_one_event_per_version"):
        write()

    assert not SubjectKey.objects.exists()


def test_rows_that_lack_different_columns_are_not_written_together() -> None:
    numbered = OutboxEvent(position=1, topic="t", type="t", subject="a", sequence=1)

    with pytest.raises(ValueError, match="the same columns"):
        insert([numbered, OutboxEvent(topic="t", type="t", subject="b", sequence=1)])

    assert not OutboxEvent.objects.exists()


def test_sealed_text_is_no_parameter() -> None:
    with pytest.raises(TypeError, match="contact_email"):
        plain_value(Order, "contact_email", "a@example.com")
