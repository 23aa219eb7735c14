"""Where saved filters are kept and deleted, behind the site's log-in."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.urls import path

from altis.backoffice.saved import views


def _behind(view: Any) -> Any:
    return admin.site.admin_view(partial(view, site=admin.site))


urlpatterns = [
    path("<str:page>/", _behind(views.keep), name="saved_filter_keep"),
    path("<int:key>/delete/", _behind(views.drop), name="saved_filter_drop"),
]
