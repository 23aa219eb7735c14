"""Where the orders' doors are."""

from django.urls import path

from orders.api import views

urlpatterns = [
    path("v1/offers/<str:offer_id>/accept", views.AcceptOffer.as_view()),
    path("v1/orders", views.Orders.as_view()),
    path("v1/orders/<str:order_id>", views.OneOrder.as_view()),
    path("v1/orders/<str:order_id>/history", views.History.as_view()),
    path("v1/orders/<str:order_id>/cancel", views.CancelOrder.as_view()),
    path("v1/orders/<str:order_id>/documents", views.Documents.as_view()),
    path("v1/documents/<str:document_id>/barcode.png", views.BarcodePng.as_view()),
    path("v1/documents/<str:document_id>/barcode.svg", views.BarcodeSvg.as_view()),
]
