"""What templates of the site ask for: a page around a lone dialog, and the saved filters of a list."""

from typing import Any

from django import template
from django.contrib import admin
from django.template.context import Context
from django.template.loader import render_to_string

from altis.accounts.models import SavedFilter
from altis.accounts.services.keep_filter import LONGEST_NAME
from altis.backoffice.saved.query import kept_query

register = template.Library()


@register.simple_block_tag(takes_context=True)
def desk_page(context: Context, content: str) -> str:
    """`{% desk_page %}…{% enddesk_page %}`: the content as a page with the sidebar of whoever is logged in."""
    request: Any = context["request"]
    about = context.get("dialog")
    title = about["title"] if isinstance(about, dict) else "Altis"
    text = {**admin.site.each_context(request), "title": title, "dialog": content}
    return render_to_string("dialogs/desk.html", text, request)


@register.inclusion_tag("admin/saved_filters.html", takes_context=True)
def saved_filters(context: Context, changelist: Any) -> dict[str, Any]:
    """The filters of this list that whoever looks at it has saved, and a form for those that are chosen now."""
    request: Any = context["request"]
    if changelist.is_popup or not changelist.has_filters:
        return {}
    page, shown = changelist.opts.label_lower, request.GET.urlencode()
    chosen = kept_query(shown)
    mine = list(SavedFilter.objects.filter(owner=request.user, page=page))
    return {
        "saved": [{"row": row, "chosen": row.query == chosen} for row in mine],
        "page": page,
        "shown": shown,
        "longest": LONGEST_NAME,
        "new": changelist.has_active_filters and chosen not in [row.query for row in mine],
    }
