"""The pieces of the first page, for its template; and the page of what the checks of the invariants found."""

from typing import Any

import structlog
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from altis.backoffice.board.chart import Chart
from altis.backoffice.board.charts import charts
from altis.backoffice.board.figures import Figures, nothing, read
from altis.backoffice.board.tiles import all_tiles, tiles
from altis.insight.models import InvariantRun
from altis.insight.runs import last_run, latest_runs
from altis.insight.services.report import Scope
from altis.shared.clock import now
from altis.store.admin.readonly import coloured_label, instant, unbroken

log = structlog.get_logger(__name__)
SEES_INVARIANTS = "insight.view_invariantrun"
_NOTHING: dict[str, Any] = {"tiles": [], "charts": [], "checks": [], "away": False}
_SCOPES = {
    Scope.RECENT: ("The last ten minutes", "Checked every minute"),
    Scope.EVERYTHING: ("Everything", "Checked every night"),
}
_RUNS = 50
_STATES = {"holds": "success", "broken": "danger", "not all asked": "warning"}
_LABELS = {"holds": "green", "broken": "red"}


def figures_of(request: HttpRequest) -> dict[str, Any]:
    """Tiles and charts that this member of staff may see; `away` when the projections cannot be read."""
    may = request.user.has_perm
    if not any(may(right) for right in _rights()):  # an empty desk, for which nothing is read
        return dict(_NOTHING)
    try:
        figures = read(now().date())
        runs = _checks() if may(SEES_INVARIANTS) else []
    except (DatabaseError, InterfaceError) as error:  # they may live on a server of their own
        log.warning("projections away; the first page is without figures", error=type(error).__name__)
        return {**_NOTHING, "away": True}
    return {"tiles": tiles(figures, may), "charts": _drawn(figures, request), "checks": runs, "away": False}


def _rights() -> set[str]:
    """Each of them shows something of these figures: a tile, a chart, or the checks."""
    empty = nothing(now().date())
    behind_tiles = {right for tile in all_tiles(empty) for right, _page, _query in tile.lists}
    return {SEES_INVARIANTS, *behind_tiles, *(chart.right for chart in charts(empty))}


def _drawn(figures: Figures, request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "chart": chart,
            "link": reverse(f"admin:{chart.link[0]}_changelist"),
            "link_text": chart.link[1],
            "rows": _rows(chart),
            "empty": not chart.cells,
        }
        for chart in charts(figures)
        if request.user.has_perm(chart.right)
    ]


def _rows(chart: Chart) -> list[list[SafeString | str]]:
    """The table's rows; a label with a list of its own leads there."""
    page = reverse(f"admin:{chart.link[0]}_changelist")
    rows: list[list[SafeString | str]] = []
    for place, (label, *cells) in enumerate(chart.cells):
        query = chart.links.get(place)
        first = format_html('<a class="text-link" href="{}?{}">{}</a>', page, query, label) if query else label
        rows.append([first, *cells])
    return rows


def _checks() -> list[dict[str, Any]]:
    return [{"title": title, "rhythm": rhythm, **_told(last_run(scope))} for scope, (title, rhythm) in _SCOPES.items()]


def _told(run: InvariantRun | None) -> dict[str, Any]:
    state = "never checked" if run is None else state_of(run)
    return {
        "state": state,
        "good": state == "holds",
        "label": _label(state),
        "at": "" if run is None else instant(run.as_of),
        "broken": run.broken if run else [],
        "unasked": run.unasked if run else [],
    }


def _label(state: str) -> SafeString:
    word = _LABELS.get(state, "open")
    return coloured_label(word, {word: _STATES.get(state, "warning")})


def state_of(run: InvariantRun) -> str:
    """`holds`, `broken` or `not all asked`."""
    if run.broken:
        return "broken"
    return "not all asked" if run.unasked else "holds"


@require_GET
def invariants(request: HttpRequest) -> HttpResponse:
    """The last checks, newest first, and what each found."""
    if not request.user.has_perm(SEES_INVARIANTS):
        raise PermissionDenied
    rows = [
        [
            unbroken(instant(run.as_of)),
            run.scope,
            coloured_label(state_of(run), _STATES),
            "; ".join(f"{each['number']} {each['title']}: {each['found']}" for each in run.broken)
            or (f"no answer for {', '.join(run.unasked)}" if run.unasked else f"{run.asked} invariants hold"),
            ", ".join(id for each in run.broken for id in each["ids"][:5]) or "–",
        ]
        for run in latest_runs(_RUNS)
    ]
    table = {"headers": ["At", "Scope", "State", "Found", "First ids"], "rows": rows}
    context = {**admin.site.each_context(request), "title": "Invariants", "table": table}
    return render(request, "admin/dashboard/invariants.html", context)
