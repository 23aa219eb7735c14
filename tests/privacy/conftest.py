"""A table for notes."""

import pytest
from django.db import connection

from tests.privacy.notes import Note


@pytest.fixture
def notes(db: None) -> None:
    """The table of notes, until the test's transaction is rolled back."""
    with connection.schema_editor() as editor:
        editor.create_model(Note)
