"""Paths of the authentication endpoints."""

from django.urls import path

from altis.api.auth_views import GuestView, RefreshView, RegisterView, TokenView

urlpatterns = [
    path("v1/auth/guest", GuestView.as_view(), name="auth-guest"),
    path("v1/auth/register", RegisterView.as_view(), name="auth-register"),
    path("v1/auth/token", TokenView.as_view(), name="auth-token"),
    path("v1/auth/token/refresh", RefreshView.as_view(), name="auth-refresh"),
]
