"""The back-office's site."""

from typing import Any, NoReturn

from django.http import Http404, HttpRequest
from unfold.sites import UnfoldAdminSite


class AltisAdminSite(UnfoldAdminSite):
    """Where airline staff work."""

    site_title = "Altis Engine"
    site_header = "Altis Engine"
    index_title = "Back-office"

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        """Not offered: the theme keeps its results as objects, which our cache, JSON only, cannot hold."""
        raise Http404
