"""What `manage.py check` says about the settings of the catalog."""

from typing import Any

from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from catalog.services.authorise_overbooking import overbooking_limits


def overbooking_is_readable(**_: Any) -> list[Error]:
    """An error when nobody could authorise overbooking, because the setting says nothing that can be read."""
    try:
        overbooking_limits()
    except ImproperlyConfigured as error:
        hint = "Write cabin=percentage, with commas between, for instance economy=5,business=0"
        return [Error(str(error), hint=hint, id="catalog.E001")]
    return []
