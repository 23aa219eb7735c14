"""JSON in, strictly: what the standard library lets through, or dies of, is refused with 400."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from altis.shared.errors import Malformed

MAX_DEPTH = 32
# Possessive, and an unterminated string runs to the end: linear for every input.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """A JSON object in UTF-8, at most 32 levels deep, every name once, no NaN, NUL or lone surrogate."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object; an empty body is an empty object. Raises Malformed, RequestDataTooBig, UnsupportedMediaType."""
        if media_type != self.media_type:
            sent, params = parse_header_parameters(media_type or "")
            if sent != self.media_type or params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
                raise UnsupportedMediaType(self.media_type)
        raw = stream.read(settings.ALTIS_MAX_BODY_BYTES + 1)
        if len(raw) > settings.ALTIS_MAX_BODY_BYTES:
            raise RequestDataTooBig
        return strict_object(raw) if raw else {}


def strict_object(raw: bytes) -> dict[str, Any]:
    """A JSON object from bytes; numbers with a fraction or exponent become Decimal. Raises Malformed."""
    _check_depth(raw)
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_unique, parse_float=_decimal, parse_constant=_no_constant
        )
    except ValueError as error:
        raise Malformed("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object.")
    if b"\\u" in raw:
        _check_text(value)
    return value


def _check_depth(raw: bytes) -> None:
    if raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Malformed("The body is nested too deeply.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("A name occurs twice in one object.")
    return members


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Malformed("A number is too large.") from error


def _no_constant(_: str) -> NoReturn:
    raise Malformed("NaN and Infinity are not JSON.")


def _check_text(value: Any) -> None:
    """Refuse what only an escape can bring in: NUL and halves of surrogate pairs."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and _UNSAFE.search(item):
            raise Malformed("A string contains characters that are not allowed.")
