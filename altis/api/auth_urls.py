"""Paths of the authentication endpoints."""

from django.urls import path

from altis.api.auth_account_views import (
    MeView,
    PasswordResetConfirmView,
    PasswordResetView,
    PasswordView,
    ResendView,
    VerifyView,
)
from altis.api.auth_views import GuestView, RefreshView, RegisterView, TokenView

urlpatterns = [
    path("v1/auth/guest", GuestView.as_view(), name="auth-guest"),
    path("v1/auth/register", RegisterView.as_view(), name="auth-register"),
    path("v1/auth/token", TokenView.as_view(), name="auth-token"),
    path("v1/auth/token/refresh", RefreshView.as_view(), name="auth-refresh"),
    path("v1/auth/me", MeView.as_view(), name="auth-me"),
    path("v1/auth/verify", VerifyView.as_view(), name="auth-verify"),
    path("v1/auth/verify/resend", ResendView.as_view(), name="auth-verify-resend"),
    path("v1/auth/password", PasswordView.as_view(), name="auth-password"),
    path("v1/auth/password/reset", PasswordResetView.as_view(), name="auth-password-reset"),
    path("v1/auth/password/reset/confirm", PasswordResetConfirmView.as_view(), name="auth-password-reset-confirm"),
]
