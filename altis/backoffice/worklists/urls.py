"""Where the work lists are, behind the site's log-in."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import path

from altis.backoffice.worklists import flight_views, views


def _behind(view: Any) -> Any:
    return admin.site.admin_view(partial(view, site=admin.site))


urlpatterns = [
    path("", _behind(views.overview), name="work_lists"),
    path("flights/<str:flight_id>/", _behind(flight_views.one_flight), name="work_flight"),
    path("flights/<str:flight_id>/<str:kind>/", _behind(flight_views.begin), name="work_begin"),
    path("runs/<str:run_id>/", _behind(flight_views.one_run), name="work_run"),
    path("<str:name>/", _behind(views.one_list), name="work_list"),
    path("<str:name>/<str:command>/", _behind(views.act), name="work_act"),
]
