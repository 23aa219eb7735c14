"""Model fields that carry our conventions: public ids, money in minor units, instants by the database's clock."""

from functools import partial
from typing import Any, overload

from django.db import models

from altis.shared.ids import new_id
from altis.shared.money import Money
from altis.store.database import DbNow


class PublicIdField(models.CharField):  # type: ignore[type-arg]  # the stubs' parameters cannot be forwarded
    """A primary key such as `ord_01jd…`, made by the application so that a row knows its id before it is written."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", partial(new_id, prefix))
        kwargs.setdefault("editable", False)
        # Byte order: ids sort by time whatever the server's locale.
        kwargs.setdefault("db_collation", "C")
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["prefix"] = self.prefix
        # Django leaves out what is its own default, which is not ours.
        kwargs["primary_key"] = self.primary_key
        return name, path, args, kwargs


class CurrencyField(models.CharField):  # type: ignore[type-arg]  # the stubs' parameters cannot be forwarded
    """An ISO 4217 currency code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "USD")
        super().__init__(**kwargs)


class CreatedAtField(models.DateTimeField):  # type: ignore[type-arg]  # the stubs' parameters cannot be forwarded
    """Set once, by the database's clock."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("db_default", DbNow())
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)


class MoneyOf:
    """Reads a pair of columns, minor units and currency, as one Money: `total = MoneyOf("total_minor")`."""

    def __init__(self, minor: str, currency: str = "currency") -> None:
        self.minor, self.currency = minor, currency

    @overload
    def __get__(self, row: None, owner: type) -> "MoneyOf": ...
    @overload
    def __get__(self, row: models.Model, owner: type) -> Money: ...
    def __get__(self, row: models.Model | None, owner: type) -> "MoneyOf | Money":
        if row is None:
            return self
        return Money(getattr(row, self.minor), getattr(row, self.currency))
