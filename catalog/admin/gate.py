"""The repair page "Gate and ledger": what Redis says against what PostgreSQL says, and one click to mend it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from altis.shared.actors import Actor
from altis.shared.errors import Unavailable
from altis.store.admin.readonly import instant
from catalog.admin.cabins import what_of
from catalog.models import Inventory
from catalog.services.compare_gate import Drift, DriftCause, compare_gate
from catalog.services.mend_gate import mend_gate
from catalog.services.note_mended import note_mended

CAUSES = {
    DriftCause.STALE: ("stale", "A push was lost: the gate has an older version."),
    DriftCause.WIPED: ("wiped", "The gate has lost its figures, or they cannot be read."),
    DriftCause.TOKENS: ("over-held tokens", "Tokens that outlive every accept hide units from buyers."),
    DriftCause.OVERWRITTEN: ("overwritten", "Another figure for the same version: somebody wrote it past the ledger."),
    DriftCause.AHEAD: ("ahead", "The gate knows a later version: the ledger was restored from an older copy."),
    DriftCause.UNKNOWN: ("unknown", "The ledger has no such inventory."),
}
_SHOWN = 200
LONGEST_NUMBER = 18  # of what fits a key


class GatePage(ModelAdmin):
    """Beside the list of inventory, at `gate/`."""

    list_before_template = "admin/catalog/inventory/gate_link.html"

    def get_urls(self) -> list[URLPattern]:
        """The page before those of single rows."""
        own = path("gate/", self.admin_site.admin_view(self.gate_view), name="catalog_inventory_gate")
        return [own, *super().get_urls()]

    def gate_view(self, request: HttpRequest) -> HttpResponse:
        """Look with the right to see inventory; mend with `catalog.mend_gate`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._mend(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Gate and ledger",
            "opts": self.opts,
            "may_mend": request.user.has_perm("catalog.mend_gate"),
            **_compared(),
        }
        return TemplateResponse(request, "admin/catalog/inventory/gate.html", context)

    def _mend(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("catalog.mend_gate"):
            raise PermissionDenied
        chosen = request.POST.get("inventory", "")
        if chosen != "all" and not (chosen.isdecimal() and len(chosen) <= LONGEST_NUMBER):
            raise BadRequest
        ids = None if chosen == "all" else [int(chosen)]
        try:
            mended = mend_gate(inventory_ids=ids, actor=Actor("staff", str(request.user.pk)))
        except Unavailable as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            note_mended(staff=str(request.user.pk), notes={drift.inventory_id: _told(drift) for drift in mended})
            self.message_user(request, *_result(len(mended)))
        return HttpResponseRedirect(reverse("admin:catalog_inventory_gate"))


def _compared() -> dict[str, Any]:
    try:
        found = compare_gate()
    except Unavailable:
        return {"away": True}
    rows = Inventory.objects.select_related("flight", "product").in_bulk(
        [d.inventory_id for d in found.drifts[:_SHOWN]]
    )
    return {
        "drifts": [_shown(drift, rows.get(drift.inventory_id)) for drift in found.drifts[:_SHOWN]],
        "count": len(found.drifts),
        "warm": found.warm,
        "cold": max(0, found.total - found.warm),
    }


def _shown(drift: Drift, row: Inventory | None) -> dict[str, Any]:
    word, why = CAUSES[drift.cause]
    return {
        "id": drift.inventory_id,
        "row": row,
        "name": f"{row.flight} {what_of(row)}" if row else f"inventory {drift.inventory_id}",
        "gate": _figure(drift.gate, drift.gate_version),
        "ledger": _figure(drift.ledger, drift.ledger_version),
        "since": instant(drift.since) if drift.since else "not known",
        "cause": word,
        "why": why,
    }


def _figure(available: int | None, version: int | None) -> str:
    left = "nothing" if available is None else f"{available} left"
    return left if version is None else f"{left}, version {version}"


def _result(mended: int) -> tuple[str, int]:
    if mended == 0:
        return "Nothing was wrong any more: somebody, or the reconciler, was faster.", messages.INFO
    return f"{mended} mended: the gate says what the ledger says.", messages.SUCCESS


def _told(drift: Drift) -> str:
    was, now = _figure(drift.gate, drift.gate_version), _figure(drift.ledger, drift.ledger_version)
    return f"gate mended, {CAUSES[drift.cause][0]}: {was} became {now}"
