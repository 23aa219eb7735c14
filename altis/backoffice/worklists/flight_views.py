"""The page of one cancelled flight: its paid orders, the two ways out for all of them, and how far that is."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from altis.backoffice.disruption import disrupted_orders, nearest_alternatives
from altis.backoffice.models import BulkKind, BulkRun, ItemState
from altis.backoffice.services.begin_bulk import begin_bulk
from altis.backoffice.worklists.counts import forget
from altis.backoffice.worklists.disrupted import DISRUPTED
from altis.backoffice.worklists.row import Reasons
from altis.backoffice.worklists.views import select
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.admin.readonly import coloured_label, instant, link_to
from catalog.models import Flight
from catalog.selectors import seats_left
from orders.admin.onward import called
from orders.admin.parts import ORDER_COLOURS

RIGHTS = {BulkKind.REBOOK: "backoffice.rebook_flight", BulkKind.REFUND: "backoffice.refund_flight"}
_SHOWN = 50
_RUNS = 5
_REASONS = (("flight_cancelled", "The flight was cancelled"), ("schedule_change", "The schedule has changed"))


@require_GET
def one_flight(request: HttpRequest, flight_id: str) -> HttpResponse:
    """What is left to do for this flight."""
    flight = _flight(request, flight_id)
    orders = disrupted_orders(flight.pk).order_by("created_at")
    left = orders.count()
    others = nearest_alternatives(flight) if left else []
    runs = _runs(flight.pk)
    context = {
        **admin.site.each_context(request),
        "title": str(flight),
        "flight": flight,
        "flight_page": reverse("admin:catalog_flight_change", args=[flight.pk]),
        "cancelled_at": instant(flight.cancelled_at),
        "departing_at": instant(flight.departing_at),
        "left": left,
        "shown": min(left, _SHOWN),
        "table": _table(orders[:_SHOWN]),
        "runs": [_run_context(run) for run in runs],
        "going_on": any(run.finished_at is None for run in runs),
        "others": others,
        "to_flights": select(_named(others), "to-flight", "to_flight"),
        "rebook_reasons": select(_REASONS, "rebook-reason"),
        "refund_reasons": select(_REASONS, "refund-reason"),
        "may_rebook": request.user.has_perm(RIGHTS[BulkKind.REBOOK]),
        "may_refund": request.user.has_perm(RIGHTS[BulkKind.REFUND]),
        "list_page": reverse("admin:work_list", args=[DISRUPTED.name]),
    }
    return render(request, "admin/worklists/flight.html", context)


@require_POST
def begin(request: HttpRequest, flight_id: str, kind: str) -> HttpResponse:
    """Begin a run over all orders of the flight, and go back to its page, which shows how far it is."""
    if kind not in BulkKind.values:
        raise Http404
    flight, wanted = _flight(request, flight_id), BulkKind(kind)
    if not request.user.has_perm(RIGHTS[wanted]):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    if reason not in dict(_REASONS):
        messages.error(request, "Choose a reason from the list.")
    elif wanted == BulkKind.REFUND and request.POST.get("sure") != "yes":
        messages.error(request, "Tick that the money of all orders shall go back.")
    else:
        _begin(request, flight, wanted, reason)
    return HttpResponseRedirect(reverse("admin:work_flight", args=[flight.pk]))


@require_GET
def one_run(request: HttpRequest, run_id: str) -> HttpResponse:
    """How far a run is: a piece of the flight's page, which asks for it every second until it has ended."""
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    run = get_object_or_404(_counted(), pk=run_id)
    reply = render(request, "admin/worklists/run.html", {"run": _run_context(run)})
    if run.finished_at is not None and "HX-Request" in request.headers:
        reply["HX-Refresh"] = "true"  # what is left to do for the flight is another thing now
    return reply


def _begin(request: HttpRequest, flight: Flight, kind: BulkKind, reason: str) -> None:
    try:
        run = begin_bulk(
            kind=kind,
            flight_id=flight.pk,
            to_flight_id=_to_flight(request) if kind == BulkKind.REBOOK else "",
            actor=Actor("staff", str(request.user.pk)),
            reason=reason,
        )
    except AltisError as refusal:
        messages.error(request, refusal.detail)
        return
    finally:
        forget()
    LogEntry.objects.log_actions(str(request.user.pk), [flight], CHANGE, f"{run.get_kind_display()} all: {reason}")
    messages.success(request, "Begun. The page shows how far it is; you may leave it.")


def _to_flight(request: HttpRequest) -> str:
    return request.POST.get("to_flight", "")[:32].replace("\x00", "")


def _flight(request: HttpRequest, flight_id: str) -> Flight:
    if not request.user.has_perm("orders.view_order"):
        raise PermissionDenied
    return get_object_or_404(Flight, pk=flight_id, cancelled_at__isnull=False)


def _counted() -> Any:
    states = {state: Count("items", filter=Q(items__state=state)) for state in ItemState.values}
    return BulkRun.objects.annotate(total=Count("items"), **states)


def _runs(flight_id: str) -> list[Any]:
    return list(_counted().filter(flight_id=flight_id).order_by("-pk")[:_RUNS])


def _run_context(run: Any) -> dict[str, Any]:
    over = run.done + run.refused
    return {
        "row": run,
        "title": f"{run.get_kind_display()} all orders",
        "begun": instant(run.created_at),
        "over": over,
        "percent": 100 * over // run.total if run.total else 100,
        "link": reverse("admin:work_run", args=[run.pk]),
        "refusals": [
            (
                link_to("orders_order", item.order_id, item.reference),
                f"{item.detail} ({item.code}, {instant(item.done_at)} UTC)",
            )
            for item in (run.items.filter(state=ItemState.REFUSED).order_by("pk")[:_SHOWN] if run.refused else ())
        ],
    }


def _named(flights: list[Flight]) -> Reasons:
    left = seats_left([flight.pk for flight in flights])
    seats = {flight.pk: sum(left.get(flight.pk, {}).values()) for flight in flights}
    return tuple((flight.pk, f"{called(flight)} UTC, {seats[flight.pk]} seats left") for flight in flights)


def _table(orders: Any) -> dict[str, Any]:
    return {
        "headers": ["Order", "Status", "Bundle", "Total", "Bought"],
        "rows": [
            [
                link_to("orders_order", order.pk, order.reference),
                coloured_label(order.status, ORDER_COLOURS),
                order.bundle_name,
                str(order.total),
                instant(order.created_at),
            ]
            for order in orders
        ],
    }
