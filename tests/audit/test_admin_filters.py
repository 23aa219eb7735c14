"""What the list of the audit can be narrowed to."""

import pytest
from django.db import connection

from altis.audit.admin.filters import ObjectFilter

pytestmark = pytest.mark.django_db
_WATCHED = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'audit_note'::regproc"


def test_whatever_is_watched_can_be_chosen() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED)
        watched = {table for (table,) in cursor.fetchall()}

    assert len(watched) > 10
    assert watched - set(ObjectFilter.relations) == set()
