"""JSON out: one encoder for replies, problems and stored answers, so that a replay has the same bytes."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from altis.shared.clock import iso
from altis.shared.money import Money

JSON = "application/json"
PROBLEM = "application/problem+json"


def to_json(data: Any) -> bytes:
    """UTF-8 JSON: Money as its object, instants in UTC with `Z`, decimals as strings. Raises TypeError otherwise."""
    return orjson.dumps(data, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.as_json()
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class JSONRenderer(BaseRenderer):
    """DRF's door to `to_json`."""

    media_type = JSON
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body; nothing at all for a reply without data."""
        return b"" if data is None else to_json(data)


class PngRenderer(BaseRenderer):
    """Lets a client that accepts only PNG images in; the view itself makes the image."""

    media_type = "image/png"
    format = "png"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """The image as it is."""
        return data


class SvgRenderer(PngRenderer):
    """The same for SVG."""

    media_type = "image/svg+xml"
    format = "svg"
