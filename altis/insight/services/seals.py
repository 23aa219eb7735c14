"""Does everything that was sealed still open? Asked of every encrypted column, and of the kept answers.

Keys are read beside the rows, in the same snapshot, and never from this process's memory. A text whose person has no
data key is in order only when the person is in the log of erasures: else a key was lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from altis.api.claim_rows import Slot
from altis.insight.services.snapshot import Extent
from altis.privacy import boxes
from altis.privacy.errors import Unreadable
from altis.privacy.fields import EncryptedTextField
from altis.privacy.keyring import wrapping_keys
from altis.privacy.keys import unwrap
from altis.privacy.models import ErasureLog, SubjectKey
from altis.privacy.sealed import Row
from altis.store.models import IdempotencyKey
from orders.models import Order

_CHUNK = 1000
_SAMPLE = 200  # newest rows of what no order leads to, in a check of what is recent
_NO_KEY = bytes(32)  # opens nothing that was ever sealed
Keys = Mapping[str, bytes | None]


def unopened(extent: Extent) -> list[str]:
    """The ids of data keys outside the ring, and `table.column id` of each text that does not open."""
    strange = SubjectKey.objects.exclude(kek_id__in=list(wrapping_keys())).order_by("pk")
    found = list(strange.values_list("pk", flat=True))
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        for subject in sorted({field.subject for field in fields}):
            sealed_for = [field for field in fields if field.subject == subject]
            found += _unopened_texts(_rows_of(model, extent), sealed_for)
    return [*found, *_unopened_answers(extent)]


def _rows_of(model: type[Model], extent: Extent) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.order_by("-pk")
    if extent.orders is None:
        return rows
    if model is Order:
        return rows.filter(pk__in=extent.orders)
    if any(field.attname == "order_id" for field in model._meta.concrete_fields):
        return rows.filter(order_id__in=extent.orders)
    return rows[:_SAMPLE]


def _unopened_texts(rows: QuerySet[Any], fields: Sequence[EncryptedTextField]) -> Iterator[str]:
    columns = rows.values_list("pk", fields[0].subject, *(field.attname for field in fields))
    for chunk in _chunks(columns):
        keys = _keys(row[1] for row in chunk)
        for pk, subject, *texts in chunk:
            for field, sealed in zip(fields, texts, strict=True):
                key = keys.get(subject, _NO_KEY)
                opens = key is None or sealed is None or field.opens(sealed.text, Row(str(pk), subject), key)
                if not opens:
                    yield f"{field.model._meta.db_table}.{field.column} {pk}"


def _unopened_answers(extent: Extent) -> Iterator[str]:
    since = Q() if extent.since is None else Q(created_at__gte=extent.since)
    for chunk in _chunks(IdempotencyKey.objects.filter(since).exclude(body="").order_by("pk")):
        keys = _keys(row.principal for row in chunk)
        for row in chunk:
            key, slot = keys.get(row.principal, _NO_KEY), Slot(row.principal, row.route, row.key, row.fingerprint)
            if key is not None and not boxes.opens(row.principal, slot.context, row.body, key):
                yield f"{IdempotencyKey._meta.db_table}.body {row.pk}"


def _chunks(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    stream = rows.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(stream, _CHUNK)):
        yield chunk


def _keys(subjects: Iterable[str]) -> Keys:
    """Data keys by person; None for the erased, and a key that opens nothing for what cannot be unwrapped."""
    asked = set(subjects)
    keys: dict[str, bytes | None] = dict.fromkeys(
        ErasureLog.objects.filter(pk__in=asked).values_list("pk", flat=True), None
    )
    for row in SubjectKey.objects.filter(pk__in=asked):
        try:
            keys[row.subject] = unwrap(row)
        except Unreadable:
            keys[row.subject] = _NO_KEY
    return keys
