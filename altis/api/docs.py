"""The OpenAPI document and a page to browse it: served by us alone, without a script of anybody else's."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from altis.api.problem_docs import Answer
from altis.api.rendering import JSON
from altis.shared.errors import AltisError

_ASSETS = {"start.js": "text/javascript", "page.css": "text/css"}


@csrf_exempt
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, made once per process."""
    return _cached(HttpResponse(document(), content_type=JSON))


@csrf_exempt
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Swagger UI over the document, and below it every error code, where a problem's `type` points to."""
    response = render(request, "altis/docs/page.html", {"answers": sorted(_answers(), key=lambda one: one.code)})
    patch_cache_control(response, private=True, no_cache=True)  # a nonce is good for one reply
    return response


@csrf_exempt
@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """The page's own script and style sheet."""
    return _cached(HttpResponse(render_to_string(f"altis/docs/{name}"), content_type=_ASSETS[name]))


@cache
def document() -> bytes:
    """OpenAPI 3.1 as JSON."""
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    # By way of spectacular's renderer, which knows the lazy texts in it; then without its indentation.
    return orjson.dumps(orjson.loads(OpenApiJsonRenderer().render(schema, renderer_context={})))


def _answers() -> set[Answer]:
    return {Answer.of(kind) for kind in _kinds(AltisError) if kind is not AltisError}


def _kinds(kind: type[AltisError]) -> Iterator[type[AltisError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def _cached(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=300)
    return response
