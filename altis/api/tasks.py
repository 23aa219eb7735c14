"""Jobs of the REST glue."""

from celery import shared_task
from django.conf import settings
from django.db import connection

from altis.store.models import IdempotencyKey

_BATCH = 1000
_DELETE = (
    "DELETE FROM {table} WHERE id IN (SELECT id FROM {table}"
    " WHERE created_at < altis_now() - make_interval(hours => %s) ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)"
)


@shared_task(name="api.purge_idempotency_keys")
def purge_idempotency_keys() -> int:
    """Delete the answers older than ALTIS_IDEMPOTENCY_HOURS, a thousand per transaction; returns how many."""
    statement = _DELETE.format(table=IdempotencyKey._meta.db_table)
    purged = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [settings.ALTIS_IDEMPOTENCY_HOURS, _BATCH])
            deleted = int(cursor.rowcount)
        purged += deleted
        if deleted < _BATCH:
            return purged
