"""Paths of the catalog."""

from django.urls import path

from catalog.api.views import FlightsView, ProductsView

urlpatterns = [
    path("v1/flights", FlightsView.as_view(), name="flights"),
    path("v1/products", ProductsView.as_view(), name="products"),
]
