"""Requests as serializers that refuse unknown fields, and the two functions by which a view reads them.

Both use one instance of each serializer for all requests: building the fields anew took longer than all their checks.
So a field or serializer keeps nothing of what it validates.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from altis.api.cards import refuse_cards
from altis.api.faults import faults_of, step
from altis.api.fields import (
    IdField,
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    StrictInstantField,
    StrictIntegerField,
    StrictListField,
)
from altis.shared.errors import Fault, Invalid

__all__ = [
    "IdField",
    "MoneyOut",
    "PageQuery",
    "StrictBooleanField",
    "StrictCharField",
    "StrictChoiceField",
    "StrictDateField",
    "StrictInstantField",
    "StrictIntegerField",
    "StrictListField",
    "StrictSerializer",
    "list_of",
    "read",
    "read_query",
    "read_values",
]

S = TypeVar("S", bound=serializers.Serializer[Any])


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object of known fields only. Nest with `many=True, max_length=…` for a list of objects."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = data.keys() - self._writable_names if isinstance(data, dict) else ()
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **_unknown(unknown)}) from error
            raise
        if unknown:
            raise serializers.ValidationError(_unknown(unknown))
        return values

    def run_validators(self, value: Any) -> None:
        if self.validators:
            super().run_validators(value)

    @cached_property
    def _writable_fields(self) -> list[Any]:
        # DRF goes through all fields each time that it wants these.
        return list(super()._writable_fields)

    @cached_property
    def _writable_names(self) -> frozenset[str]:
        return frozenset(field.field_name or "" for field in self._writable_fields)


class MoneyOut(serializers.Serializer[Any]):
    """An exact amount with the currency's own number of decimals (for the document)."""

    amount = serializers.RegexField(r"^-?[0-9]+(\.[0-9]+)?$", help_text="Decimal, in major units")
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217")


class PageQuery(StrictSerializer):
    """The query of every list; add its filters in a subclass."""

    limit = StrictIntegerField(default=50, min_value=1, max_value=200, help_text="How many, at most")
    after = StrictCharField(default="", allow_blank=True, max_length=500, help_text="The `next` of the page before")


def list_of(kind: type[S], *, max_length: int, min_length: int = 0, required: bool = True) -> Any:
    """A field for a JSON array of such objects, of bounded length."""
    options = {"max_length": max_length, "min_length": min_length, "required": required}
    return kind(many=True, **options)  # type: ignore[arg-type]  # DRF hands them to its ListSerializer; the stubs do not know


def read(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The request's body as this serializer's values; raises Malformed, or Invalid with a fault per wrong value.

    Card numbers are refused before anything else is looked at.
    """
    return read_values(kind, request.data)


def read_values(kind: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """The same of values that came by another way, such as a form."""
    refuse_cards(data)
    return _validated(_reader(kind, from_query=False), data)


def read_query(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The query string as this serializer's values; raises Invalid, also for a repeated parameter."""
    query = request.query_params
    repeated = [name for name, values in query.lists() if len(values) > 1]
    if repeated:
        raise Invalid(
            faults=[Fault(step("", name), "repeated_parameter", "This parameter may stand once.") for name in repeated]
        )
    return _validated(_reader(kind, from_query=True), query.dict())


def _validated(reader: serializers.Serializer[Any], data: Any) -> dict[str, Any]:
    try:
        return dict(reader.run_validation(data))
    except serializers.ValidationError as error:
        raise Invalid(faults=faults_of(error.detail)) from None


@cache
def _reader(kind: type[serializers.Serializer[Any]], *, from_query: bool) -> serializers.Serializer[Any]:
    """The one instance that reads all such requests, in every thread: what it makes lazily is made here."""
    reader = kind(context={"query": from_query})
    _prepare((reader,))
    return reader


def _prepare(fields: Iterable[Any]) -> None:
    for field in fields:
        _ = field.validators
        _prepare(getattr(field, "fields", {}).values())
        _prepare((field.child,) if hasattr(field, "child") else ())


def _unknown(names: Any) -> dict[str, list[ErrorDetail]]:
    return {name: [ErrorDetail("There is no such field.", code="unknown_field")] for name in sorted(names)}
