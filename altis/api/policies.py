"""Content security policies: nothing unless a kind of page needs it; what the back-office's theme needs beyond that."""

from collections.abc import Mapping
from typing import Any, Final

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Policy = Mapping[str, list[Any]]

# Replies that no browser shall render: JSON, text, images, style sheets.
NOTHING: Final[Policy] = {"default-src": [NONE], "base-uri": [NONE], "form-action": [NONE], "frame-ancestors": [NONE]}
# The shop window and whatever else is HTML: a script or style sheet runs only with this reply's nonce.
PAGES: Final[Policy] = {
    **NOTHING,
    "script-src": [NONCE],
    "style-src": [NONCE],
    "img-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
}
DOCS: Final[Policy] = {
    **NOTHING,
    "script-src": [NONCE],
    "style-src": [NONCE],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
}
ADMIN: Final[Policy] = {
    **NOTHING,
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF],
    "style-src-attr": [UNSAFE_INLINE],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
}


class PolicyMiddleware(CSPMiddleware):
    """django-csp with one policy for each kind of page. Every other reply gets NOTHING, with the headers of all."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """A policy for what a browser renders."""
        is_page = str(response.get("Content-Type", "")).startswith("text/html")
        return super().process_response(request, response) if is_page else response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """The policy of this reply; a view's own decorators may still change it."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = dict(policy_of(request))
        return parts


def policy_of(request: HttpRequest) -> Policy:
    """Of a page, by its path."""
    if request.path_info.startswith("/admin/"):
        return ADMIN
    return DOCS if request.path_info == "/v1/docs" else PAGES
