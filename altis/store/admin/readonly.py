"""Admin pages that only show: what services write, nobody edits by hand."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin, TabularInline

Column = TypeVar("Column", bound=Callable[[Any, Any], str])


class LookOnly:
    """No adding, no changing, no deleting, whatever rights the user has; looking follows the user's rights."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


class ReadOnlyAdmin(LookOnly, ModelAdmin):
    """A list and a page per row, to look at."""

    list_per_page = 50
    # Labels above their values: three fit beside each other.
    compressed_fields = False


class ReadOnlyInline(LookOnly, TabularInline):
    """Rows that belong to the one shown."""

    extra = 0
    hide_title = True
    show_change_link = False
    # A method such as `price` is no field of a form, so every column is a read-only one.
    fields: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> tuple[str, ...]:
        """All of them."""
        return self.fields


def link_to(page: str, key: str, text: str = "") -> SafeString:
    """A link to a row's own page, such as `link_to("orders_order", order.pk, order.reference)`."""
    address = reverse(f"admin:{page}_change", args=[key])
    return format_html('<a href="{}" class="text-link whitespace-nowrap">{}</a>', address, text or key)


def coloured(colours: Mapping[str, str], *, description: str, ordering: str = "") -> Callable[[Column], Column]:
    """A column that shows one word, a status, as a label; `colours[word]` is one of unfold's, or "" for grey."""

    def decorator(column: Column) -> Column:
        @wraps(column)
        def shown(admin: Any, row: Any) -> SafeString:
            return coloured_label(column(admin, row), colours)

        shown.short_description = description  # type: ignore[attr-defined]  # how Django's admin is told
        if ordering:
            shown.admin_order_field = ordering  # type: ignore[attr-defined]  # the same
        return cast(Column, shown)

    return decorator


def coloured_label(word: str, colours: Mapping[str, str]) -> SafeString:
    """`PAYMENT_PENDING` as a small coloured label; nothing as a dash."""
    if not word:
        return format_html("{}", "–")
    text = {"text": word.replace("_", " "), "type": colours.get(word, "")}
    return render_to_string("unfold/helpers/label.html", text)


def pretty(value: Any) -> SafeString:
    """A JSON value, indented."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="text-xs" style="white-space: pre-wrap">{}</pre>', text)


def instant(value: datetime | None) -> str:
    """An instant in the site's format and time zone, a dash for none."""
    return "–" if value is None else str(localize(localtime(value)))


def unbroken(text: object) -> SafeString:
    """A short value that no narrow column breaks in two."""
    return format_html('<span class="whitespace-nowrap">{}</span>', text)
