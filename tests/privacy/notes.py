"""A model that exists in these tests only: a note that belongs to a person."""

from typing import ClassVar

from django.db import models
from django.test.utils import isolate_apps

from altis.privacy.fields import EncryptedTextField
from altis.shared.ids import new_id
from altis.store.fields import PublicIdField

with isolate_apps("altis.privacy"):

    class Note(models.Model):
        """A row whose key is made by us, with two encrypted fields."""

        id = PublicIdField(prefix="nte")
        owner_id = models.CharField(max_length=64)
        text = EncryptedTextField(subject="owner_id")
        remark = EncryptedTextField(subject="owner_id", null=True, blank=True)
        objects: ClassVar[models.Manager["Note"]] = models.Manager()

        class Meta:
            app_label = "privacy"

        def __str__(self) -> str:
            return str(self.pk)


def person() -> str:
    """The id of a person nobody has heard of."""
    return new_id("usr")
