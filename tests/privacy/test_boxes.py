"""Sealed text outside model fields."""

import pytest
from django.db import connection

from altis.privacy import keys
from altis.privacy.boxes import Erased, Unreadable, open_for, seal_for
from altis.privacy.models import SubjectKey
from tests.privacy.notes import person

pytestmark = pytest.mark.django_db
ROUTE = "POST /v1/orders|key|1"


def test_sealed_text_opens_for_its_person_and_context() -> None:
    guest = person()

    sealed = seal_for(guest, ROUTE, '{"name": "CANARY"}')

    assert "CANARY" not in sealed
    assert open_for(guest, ROUTE, sealed) == '{"name": "CANARY"}'


def test_sealed_text_opens_nowhere_else() -> None:
    mine, yours = person(), person()
    sealed = seal_for(mine, ROUTE, "text")
    seal_for(yours, ROUTE, "text")

    for subject, context in ((yours, ROUTE), (mine, "POST /v1/orders|key|2")):
        with pytest.raises(Unreadable):
            open_for(subject, context, sealed)


def test_sealed_text_of_an_erased_person_is_gone() -> None:
    guest = person()
    sealed = seal_for(guest, ROUTE, "text")
    SubjectKey.objects.all().delete()
    connection.run_on_commit.clear()
    keys.forget(guest)

    with pytest.raises(Erased):
        open_for(guest, ROUTE, sealed)
