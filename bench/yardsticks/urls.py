"""Paths of the Django yardsticks."""

from django.urls import path

from bench.yardsticks import views

urlpatterns = [
    path("view", views.hello),
    path("read", views.RedisRead.as_view()),
    path("v1/offers/search", views.Search.as_view()),
]
