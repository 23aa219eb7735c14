"""Pages for what no view answers. Under /v1 the guard puts a problem document in their place."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from altis.shop.pages import sorry_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: not to be read."""
    return sorry_page(request, "malformed_request", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: of the back-office, mostly."""
    return sorry_page(request, "forbidden_page", HTTPStatus.FORBIDDEN)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form from elsewhere, or one that was open for too long."""
    return sorry_page(request, "forbidden", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return sorry_page(request, "not_found", HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of anybody, since anything may be broken."""
    return sorry_page(request, "internal_error", HTTPStatus.INTERNAL_SERVER_ERROR)
