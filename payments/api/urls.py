"""Where the payments' doors are."""

from django.urls import path

from payments.api import views

urlpatterns = [
    path("v1/orders/<str:order_id>/pay", views.PayOrder.as_view()),
    path("v1/webhooks/payments/<str:gateway>", views.Webhook.as_view()),
]
