"""EncryptedTextField: text that is plain on an instance and sealed in the database, bound to its row and person."""

from typing import Any

import structlog
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from altis.privacy.envelope import Tampered, open_sealed, place, seal
from altis.privacy.errors import Erased, Unreadable
from altis.privacy.keys import data_key
from altis.privacy.sealed import MASK, Opened, Row, Sealed

log = structlog.get_logger(__name__)


class _OpensOnRead(DeferredAttribute):
    """The attribute: an envelope stays closed until somebody reads it, and is then opened once per instance."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname, instance)
        if value is instance:
            value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.opened(value, instance)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        # Remember at loading whose row it is: the row may be given away before the value is read.
        if isinstance(value, Sealed) and value.row is None:
            value = Sealed(value.text, self.field.row_if_loaded(instance))
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # the stubs' parameters cannot be forwarded
    """Personal text. `subject` names the attribute that holds the id of the person whose key locks it.

    Reading may raise Unreadable (tampered with, or moved from another row); an erased person's text reads as "".
    The envelope names table, column, primary key and person, so renaming a table or column means writing all rows anew.
    No state is kept on the field: one field object serves all threads.
    """

    descriptor_class = _OpensOnRead

    def __init__(self, *, subject: str = "", **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """With `subject`, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "subject": self.subject}

    # From the database to the instance

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Sealed | None:
        """Whatever leaves the database is sealed: in values() it stays so."""
        return None if value is None else Sealed(value)

    def opened(self, sealed: Sealed, instance: Any) -> Opened:
        """The text, "" for an erased person; raises Unreadable, with an alarm in the log."""
        row = sealed.row or self.row_of(instance)
        try:
            return Opened(open_sealed(sealed.text, data_key(row.subject), self._place(row)), Sealed(sealed.text, row))
        except Erased:
            return Opened("", Sealed(sealed.text, row), erased=True)
        except Tampered as error:
            log.error("personal data unreadable", table=self._table, column=self.column, row=row.pk)
            raise Unreadable from error

    def opens(self, text: str, row: Row, key: bytes) -> bool:
        """Whether what the column holds in this row opens with this data key. For checks: nothing is logged or kept."""
        try:
            open_sealed(text, key, self._place(row))
        except Tampered:
            return False
        return True

    # From the instance to the database

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:
        """The envelope to write. What was assigned is sealed at each save: a rolled back save leaves nothing behind."""
        loaded = self.attname in model_instance.__dict__
        value = model_instance.__dict__[self.attname] if loaded else getattr(model_instance, self.attname)
        if value is None:
            return None
        row = self.row_of(model_instance)
        envelope = value.sealed if isinstance(value, Opened) else value
        if isinstance(envelope, Sealed) and not add and envelope.row in (None, row):
            return envelope
        if isinstance(value, Sealed):
            value = self.opened(value, model_instance)
        if isinstance(value, Opened) and value.erased:
            raise Erased
        return Sealed(seal(str(value), data_key(row.subject, create=True), self._place(row)), row)

    def get_prep_value(self, value: Any) -> str | None:
        """Only envelopes are written: `update(field="text")` has no row to bind the text to."""
        if value is None:
            return None
        if isinstance(value, Sealed):
            return value.text
        raise TypeError(
            f"{self.model.__name__}.{self.name} is encrypted per row: assign it to an instance and save that"
        )

    def get_lookup(self, lookup_name: str) -> Any:
        """Sealed text has no order and no equality; only its presence can be asked for."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        """None: there is nothing that the database could compute."""

    def value_to_string(self, obj: models.Model) -> str:
        """The mask: a fixture is a plain file."""
        return MASK

    # Where a value stands

    def row_of(self, instance: Any) -> Row:
        """The row and person of an instance, asking the database for a deferred column."""
        pk, subject = instance.__dict__.get(instance._meta.pk.attname), getattr(instance, self.subject)
        if not pk or not subject:
            raise ValueError(
                f"{self.model.__name__}.{self.name} needs the primary key and {self.subject} before it is saved"
            )
        return Row(str(pk), str(subject))

    def row_if_loaded(self, instance: Any) -> Row | None:
        """The row and person as far as loading has come; None when a column is deferred."""
        pk, subject = instance.__dict__.get(instance._meta.pk.attname), instance.__dict__.get(self.subject)
        return Row(str(pk), str(subject)) if pk and subject else None

    @property
    def _table(self) -> str:
        return self.model._meta.db_table

    def _place(self, row: Row) -> bytes:
        return place(self._table, str(self.column), row.pk, row.subject)

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse a subject that is unknown or declared after the field, and keys that the database makes."""
        return [*super().check(**kwargs), *self._check_row()]

    def _check_row(self) -> list[checks.CheckMessage]:
        names = [field.attname for field in self.model._meta.concrete_fields]
        if self.subject not in names[: names.index(self.attname)]:
            return [checks.Error("subject must name a field declared before this one", obj=self, id="privacy.E001")]
        if isinstance(self.model._meta.pk, models.AutoField):
            return [checks.Error("the primary key must be known before the insert", obj=self, id="privacy.E002")]
        return []
