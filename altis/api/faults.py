"""From DRF's nested error details to a flat list of faults, each with its JSON pointer (RFC 6901)."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.exceptions import ErrorDetail
from rest_framework.settings import api_settings

from altis.shared.errors import Fault

# DRF's codes in the contract's words; what is not listed keeps its own.
_CODES: Mapping[str, str] = {
    "null": "invalid_type",
    "invalid": "invalid_type",
    "not_a_list": "invalid_type",
    "not_a_dict": "invalid_type",
    "blank": "too_short",
    "empty": "too_short",
    "min_length": "too_short",
    "max_length": "too_long",
    "min_value": "out_of_range",
    "max_value": "out_of_range",
    "invalid_choice": "not_one_of",
    "null_characters_not_allowed": "invalid_characters",
    "surrogate_characters_not_allowed": "invalid_characters",
}
_DETAILS: Mapping[str, str] = {
    "required": "This field is required.",
    "invalid_type": "This value has the wrong type.",
    "too_short": "This value is too short.",
    "too_long": "This value is too long.",
    "out_of_range": "This value is out of range.",
    "not_one_of": "This is not one of the allowed values.",
    "invalid_characters": "This value contains characters that are not allowed.",
    "unknown_field": "There is no such field.",
}
_LONGEST_NAME = 64


def faults_of(details: Any, pointer: str = "") -> tuple[Fault, ...]:
    """Every fault in DRF's error structure, in its order."""
    return tuple(_walk(details, pointer))


def step(pointer: str, name: object) -> str:
    """The pointer one level down; long names are cut, since a caller's own key may be of any length."""
    text = str(name)[:_LONGEST_NAME].replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{text}"


def _walk(details: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(details, ErrorDetail):
        code = _CODES.get(details.code or "", details.code or "invalid_type")
        yield Fault(pointer, code, _DETAILS.get(code, str(details)))
    elif isinstance(details, Mapping):
        for name, inner in details.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _walk(inner, pointer if whole else step(pointer, name))
    else:
        for index, inner in enumerate(details):
            # A list holds either the faults of one value, or one structure per element (empty where all is well).
            yield from _walk(inner, pointer if isinstance(inner, ErrorDetail) else step(pointer, index))
