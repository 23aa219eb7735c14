"""The glue's own paths, and the test views before its catch-all."""

from django.urls import include, path

from tests.api import doors

urlpatterns = [
    path("v1/echo", doors.Echo.as_view()),
    path("v1/own/<str:own_id>", doors.UsersOnly.as_view()),
    path("v1/events", doors.Public.as_view()),
    path("v1/effects", doors.Effects.as_view()),
    path("v1/phases", doors.Phases.as_view()),
    path("v1/broken/<str:how>", doors.Broken.as_view()),
    path("", include("altis.api.health_urls")),
    path("", include("altis.api.urls")),
]
