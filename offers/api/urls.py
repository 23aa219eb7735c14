"""Paths of the offers; accepting one makes an order, so that path belongs to the orders."""

from django.urls import path

from offers.api.views import OfferView, RejectView, SearchView

urlpatterns = [
    path("v1/offers/search", SearchView.as_view(), name="offers-search"),
    path("v1/offers/<str:offer_id>", OfferView.as_view(), name="offers-read"),
    path("v1/offers/<str:offer_id>/reject", RejectView.as_view(), name="offers-reject"),
]
