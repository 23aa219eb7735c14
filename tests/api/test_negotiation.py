"""Which renderer and parser a request gets: the short answers are those of DRF."""

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from altis.api.negotiation import Negotiation
from altis.api.parsing import StrictJSONParser
from altis.api.rendering import JSONRenderer, PngRenderer

ACCEPTED = [None, "", "*/*", "application/json", "application/json; indent=4", "application/*", "image/png", "x", "a/b"]
SENT = ["", "application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "text/plain", "application/xml"]


def _chosen(negotiation: DefaultContentNegotiation, accept: str | None, *, more: bool) -> tuple[str, str] | None:
    headers = {} if accept is None else {"Accept": accept}
    request = Request(RequestFactory().get("/", headers=headers))
    renderers = [PngRenderer(), JSONRenderer()] if more else [JSONRenderer()]
    try:
        renderer, media_type = negotiation.select_renderer(request, renderers)
    except NotAcceptable:
        return None
    return renderer.format, media_type


@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("accept", ACCEPTED)
def test_the_renderer_is_the_one_that_drf_chooses(accept: str | None, more: bool) -> None:
    assert _chosen(Negotiation(), accept, more=more) == _chosen(DefaultContentNegotiation(), accept, more=more)


@pytest.mark.parametrize("sent", SENT)
def test_the_parser_is_the_one_that_drf_chooses(sent: str) -> None:
    request = Request(RequestFactory().post("/", b"{}", content_type=sent))
    parsers = [StrictJSONParser()]

    chosen = Negotiation().select_parser(request, parsers)

    assert chosen is DefaultContentNegotiation().select_parser(request, parsers)
