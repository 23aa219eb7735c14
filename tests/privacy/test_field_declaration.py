"""EncryptedTextField as a declaration: in a migration, in a check, and the value that it stores."""

from django.db import models
from django.test.utils import isolate_apps

from altis.privacy.fields import EncryptedTextField
from altis.privacy.sealed import Sealed
from tests.privacy.notes import Note


def test_field_survives_a_migration() -> None:
    name, path, args, kwargs = Note._meta.get_field("text").deconstruct()

    assert (name, path, args, kwargs) == (
        "text",
        "altis.privacy.fields.EncryptedTextField",
        [],
        {"subject": "owner_id"},
    )


def test_unsuitable_model_is_refused_by_a_check() -> None:
    with isolate_apps("altis.privacy"):

        class Late(models.Model):
            text = EncryptedTextField(subject="owner_id")
            owner_id = models.CharField(max_length=64)

            class Meta:
                app_label = "privacy"

        class Numbered(models.Model):
            number = models.AutoField(primary_key=True)
            text = EncryptedTextField(subject="number")

            class Meta:
                app_label = "privacy"

        late, numbered = Late._meta.get_field("text").check(), Numbered._meta.get_field("text").check()

    assert [error.id for error in late] == ["privacy.E001"]
    assert [error.id for error in numbered] == ["privacy.E002"]
    assert [error.id for error in Note._meta.get_field("text").check()] == []


def test_sealed_values_with_the_same_envelope_are_equal() -> None:
    assert Sealed("v1|x") == Sealed("v1|x")
    assert Sealed("v1|x") != Sealed("v1|y")
