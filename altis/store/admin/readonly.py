"""Admin pages that only show: what services write, nobody edits by hand."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, TypeVar, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin, TabularInline

from altis.store.admin.lists import SteadyLists
from altis.store.admin.pages import InfinitePaginator

_PEOPLE = {"user": "Customer", "guest": "Guest"}
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


class ReadOnlyAdmin(SteadyLists, LookOnly, ModelAdmin):
    """A list and a page per row, to look at."""

    list_per_page = 50
    # Most of these tables only ever grow: counting them for the pager would read the whole of one.
    paginator: type[Any] = InfinitePaginator
    show_full_result_count = False
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
    """A JSON value as people read it: names beside values, one line each."""
    return format_html('<div class="desk-tree">{}</div>', _told(value))


def _told(value: Any) -> SafeString | str:
    if isinstance(value, dict) and value:
        rows = ((_name(key), _told(each)) for key, each in value.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows))
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_told(each),) for each in value)))
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None or value in ("", {}) else str(value)


def _name(key: str) -> str:
    words = str(key).replace("_", " ")
    return words[:1].upper() + words[1:]


def instant(value: datetime | None) -> str:
    """An instant in the site's format and time zone, a dash for none."""
    return "–" if value is None else str(localize(localtime(value)))


def unbroken(text: object) -> SafeString:
    """A short value that no narrow column breaks in two."""
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def shortened(key: str) -> SafeString:
    """The beginning and the end of an id, where a column has no room for 30 letters; the whole of it as a hint."""
    return format_html('<span class="whitespace-nowrap" title="{}">{}…{}</span>', key, key[:4], key[-6:])


def by_whom(actor: str) -> SafeString:
    """`staff:usr_01…` and `system:webhook:simulator` as people say it; staff with their id, shortened."""
    kind, _, who = actor.partition(":")
    if kind == "staff":
        return format_html("Staff {}", shortened(who))
    if kind in _PEOPLE:
        return unbroken(_PEOPLE[kind])
    return format_html("{}", (who or kind).replace("_", " ").replace(":", ", ").capitalize())
