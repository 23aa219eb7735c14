"""The paths of probes and scrapers, outside /v1."""

from django.urls import path

from altis.api import contact, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path(".well-known/security.txt", contact.security_txt, name="security-txt"),
]
