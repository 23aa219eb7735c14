"""The models and the migrations say the same."""

from io import StringIO

import pytest
from django.core.management import call_command

from catalog.models import Bundle

pytestmark = pytest.mark.django_db(databases=["default", "analytics"])


def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_a_changed_model_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = StringIO()
    monkeypatch.setattr(Bundle._meta, "ordering", ("name",))
    monkeypatch.setitem(Bundle._meta.original_attrs, "ordering", ("name",))

    with pytest.raises(SystemExit) as refused:
        call_command("makemigrations", "catalog", "--check", "--dry-run", stdout=said)

    assert refused.value.code == 1
    assert "bundle" in said.getvalue().lower()
