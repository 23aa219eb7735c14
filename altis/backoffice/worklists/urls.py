"""Where the work lists are, behind the site's log-in."""

from django.contrib import admin
from django.urls import path

from altis.backoffice.worklists import flight_views, views

urlpatterns = [
    path("", admin.site.admin_view(views.overview), name="work_lists"),
    path("flights/<str:flight_id>/", admin.site.admin_view(flight_views.one_flight), name="work_flight"),
    path("flights/<str:flight_id>/<str:kind>/", admin.site.admin_view(flight_views.begin), name="work_begin"),
    path("runs/<str:run_id>/", admin.site.admin_view(flight_views.one_run), name="work_run"),
    path("<str:name>/", admin.site.admin_view(views.one_list), name="work_list"),
    path("<str:name>/<str:command>/", admin.site.admin_view(views.act), name="work_act"),
]
