"""Fields that take a value only in its own JSON type: no `"1"` for 1, no 1 for `"1"`, no 1.0, no Arabic digits."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from altis.shared.ids import is_id

# A class of characters for Python and for JSON Schema alike: C0 and C1 controls, line separators, what hides or turns
# text around (bidi controls, zero width space, byte order mark), and noncharacters. The joiners are no part of it:
# Persian and Indic names are spelled with them.
UNSAFE = r"\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff"
# And halves of surrogate pairs, which no schema can name.
_NOT_ALLOWED = re.compile(rf"[{UNSAFE}\ud800-\udfff]")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_CHARACTER_BY_CHARACTER = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)
_YEARS = range(1900, 2201)
_LONGEST_ID = 64


def from_query(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether the value comes from a query string, where everything is text."""
    return bool(field.context.get("query"))


class StrictCharField(serializers.CharField):
    """A JSON string, kept as it is: not trimmed, no UNSAFE characters, not only blanks unless `allow_blank`."""

    default_error_messages = {"invalid_characters": "This value contains characters that are not allowed."}

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(max_length=max_length, **kwargs)
        # Their characters are among those that are not allowed; they look at one after the other.
        self.validators = [each for each in self.validators if not isinstance(each, _CHARACTER_BY_CHARACTER)]

    def run_validation(self, data: Any = empty) -> Any:
        if isinstance(data, str) and data and not data.strip() and not self.allow_blank:
            self.fail("blank")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            # Before a subclass takes it apart: parsers of addresses and telephone numbers get no text of 60 KB.
            self.fail("max_length", max_length=self.max_length)
        if _NOT_ALLOWED.search(data):
            self.fail("invalid_characters")
        return data


class StrictIntegerField(serializers.IntegerField):
    """A JSON integer; in a query string, ASCII digits."""

    def to_internal_value(self, data: Any) -> int:
        if from_query(self) and isinstance(data, str) and _INTEGER.fullmatch(data):
            return int(data)
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictBooleanField(serializers.BooleanField):
    """`true` or `false`, and nothing that resembles them."""

    def to_internal_value(self, data: Any) -> bool:
        if from_query(self) and data in ("true", "false"):
            return bool(data == "true")
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class StrictChoiceField(serializers.ChoiceField):
    """One of some JSON strings."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(list(choices), **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("This value has the wrong type.", code="invalid")
        return super().to_internal_value(data)


class StrictDateField(serializers.DateField):
    """`YYYY-MM-DD` in ASCII digits, from 1900 to 2200."""

    default_error_messages = {
        "invalid_date": "This is not a date of the form YYYY-MM-DD.",
        "out_of_range": "This date is out of range.",
    }

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            raise serializers.ValidationError("This value has the wrong type.", code="invalid")
        if not _DATE.fullmatch(value):
            self.fail("invalid_date")
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail("invalid_date")
        if day.year not in _YEARS:
            self.fail("out_of_range")
        return day


class StrictInstantField(serializers.DateTimeField):
    """An ISO 8601 instant with `Z` or an offset, from 1900 to 2200; given back in UTC."""

    default_error_messages = {
        "invalid_instant": "This is not an instant of the form YYYY-MM-DDThh:mm:ssZ.",
        "out_of_range": "This instant is out of range.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise serializers.ValidationError("This value has the wrong type.", code="invalid")
        if not _INSTANT.fullmatch(value):
            self.fail("invalid_instant")
        if int(value[:4]) not in _YEARS:
            self.fail("out_of_range")
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("invalid_instant")


class StrictListField(serializers.ListField):
    """A JSON array of at most `max_length` elements."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class IdField(StrictCharField):
    """An id of ours with this prefix, by its form; whether it exists is the service's business."""

    default_error_messages = {"invalid_id": "This is not an id of the expected kind."}

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(max_length=_LONGEST_ID, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str) and len(data) > _LONGEST_ID:
            self.fail("invalid_id")
        text = super().to_internal_value(data)
        if not is_id(self.prefix, text):
            self.fail("invalid_id")
        return text
