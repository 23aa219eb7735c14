"""Which renderer and parser a request wants: DRF's answer, at once where the request is one like nearly all."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from altis.api.rendering import JSON

_ANYTHING = ("*/*", JSON)


class Negotiation(DefaultContentNegotiation):
    """DRF's, without reading media types that need no reading. It keeps nothing: one serves every request."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The parser of the body; None for a 415."""
        if request.content_type == JSON:
            return next((parser for parser in parsers if parser.media_type == JSON), None)
        return super().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """The renderer and its media type; raises NotAcceptable."""
        [first, *more] = renderers
        if not more and first.media_type == JSON and request.META.get("HTTP_ACCEPT", "*/*") in _ANYTHING:
            return first, JSON
        return super().select_renderer(request, renderers, format_suffix)  # type: ignore[no-any-return]  # as typed
