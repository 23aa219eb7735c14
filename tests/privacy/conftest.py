"""A table for notes, and empty key caches."""

from collections.abc import Iterator

import pytest
from django.db import connection

from altis.privacy import keys
from tests.privacy.notes import Note


@pytest.fixture(autouse=True)
def _no_cached_keys() -> Iterator[None]:
    keys.forget_all()
    yield
    keys.forget_all()


@pytest.fixture
def notes(db: None) -> None:
    """The table of notes, until the test's transaction is rolled back."""
    with connection.schema_editor() as editor:
        editor.create_model(Note)
