"""Where the orders' doors are."""

from django.urls import path

from orders.api import changing, documents, reading

urlpatterns = [
    path("v1/offers/<str:offer_id>/accept", changing.AcceptOffer.as_view()),
    path("v1/orders", reading.Orders.as_view()),
    path("v1/orders/<str:order_id>", reading.OneOrder.as_view()),
    path("v1/orders/<str:order_id>/history", reading.History.as_view()),
    path("v1/orders/<str:order_id>/cancel", changing.CancelOrder.as_view()),
    path("v1/orders/<str:order_id>/documents", documents.Documents.as_view()),
    path("v1/documents/<str:document_id>/barcode.png", documents.BarcodePng.as_view()),
    path("v1/documents/<str:document_id>/barcode.svg", documents.BarcodeSvg.as_view()),
]
