"""The paths of the REST glue. Include last: what no app has taken under /v1 is 404, as a problem document."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from altis.api import docs
from altis.api.problems import problem_of
from altis.shared.errors import NotFound


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """404 for whatever is not an operation."""
    return problem_of(NotFound())


urlpatterns = [
    path("v1/openapi.json", docs.openapi, name="openapi"),
    path("v1/docs", docs.page, name="docs"),
    path("v1/docs/start.js", docs.asset, {"name": "start.js"}, name="docs-script"),
    path("v1/docs/page.css", docs.asset, {"name": "page.css"}, name="docs-style"),
    re_path(r"^v1(?:/|$)", unknown, name="unknown"),
]
