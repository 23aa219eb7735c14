"""Where the shop window is."""

from django.urls import path

from altis.shop import booking_views, offer_views, order_views, search_views
from altis.shop.account_views import ResetPage, VerifyPage

urlpatterns = [
    path("", search_views.Start.as_view(), name="shop"),
    path("search", search_views.Search.as_view(), name="search"),
    path("routes", search_views.Routes.as_view(), name="routes"),
    path("airports", search_views.Airports.as_view(), name="airports"),
    path("offers/<str:offer_id>", offer_views.Offer.as_view(), name="offer"),
    path("orders/<str:order_id>", order_views.OneOrder.as_view(), name="order"),
    path("orders/<str:order_id>/state", order_views.State.as_view(), name="order-state"),
    path("orders/<str:order_id>/pay", order_views.Pay.as_view(), name="order-pay"),
    path("orders/<str:order_id>/cancel", order_views.Cancel.as_view(), name="order-cancel"),
    path("orders/<str:order_id>/documents", order_views.Documents.as_view(), name="order-documents"),
    path("orders/<str:order_id>/barcodes/<str:document_id>.svg", order_views.Barcode.as_view(), name="order-barcode"),
    path("booking", booking_views.Booking.as_view(), name="booking"),
    path("booking/forget", booking_views.Forget.as_view(), name="booking-forget"),
    path("account/verify", VerifyPage.as_view(), name="account-verify"),
    path("account/reset", ResetPage.as_view(), name="account-reset"),
]
