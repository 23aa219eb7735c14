"""The address of a search, and of the form that is filled in for one."""

from collections.abc import Mapping
from typing import Literal

from django.urls import reverse
from django.utils.http import urlencode


def search_address(asked: Mapping[str, str | int], *, page: Literal["search", "shop"] = "search") -> str:
    """Where the offers for these values of the form are, or (`shop`) the form with them; empty ones are left out."""
    return f"{reverse(page)}?{urlencode({name: value for name, value in asked.items() if value != ''})}"
