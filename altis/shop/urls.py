"""Where the shop window is."""

from django.urls import path
from django.views.generic import TemplateView

from altis.shop.account_views import ResetPage, VerifyPage

urlpatterns = [
    path("", TemplateView.as_view(template_name="shop/index.html"), name="shop"),
    path("account/verify", VerifyPage.as_view(), name="account-verify"),
    path("account/reset", ResetPage.as_view(), name="account-reset"),
]
