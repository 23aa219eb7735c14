"""Every page of the admin, by model."""

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse


def registered() -> list[type[Model]]:
    """The models that have pages."""
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def page(model: type[Model], kind: str, *args: object) -> str:
    """The address of a model's changelist, add, change or delete page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)
