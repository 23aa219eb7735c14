"""The commands on a flight's page: each asks in a dialog and calls one service."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin

from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shared.errors import AltisError
from altis.store.admin.buttons import back_to, button, has_right
from catalog.admin import flight_dialogs as dialogs
from catalog.models import Flight, Inventory
from catalog.services.authorise_overbooking import authorise_overbooking
from catalog.services.cancel_flight import cancel_flight
from catalog.services.change_capacity import change_capacity
from catalog.services.close_sales import close_sales, reopen_sales
from catalog.services.swap_aircraft import swap_aircraft

# The buttons that a status brings. The service decides; a button that it would refuse is only not offered.
_ALWAYS = ("change_capacity", "authorise_overbooking", "swap_aircraft", "cancel_flight")
_BUTTONS = {"ON SALE": ("close_sales", *_ALWAYS), "CLOSED": ("reopen_sales", *_ALWAYS), "CANCELLED": ()}


class FlightCommands(ModelAdmin):
    """Six commands, each with a right of its own: the right to change flights opens no form."""

    actions_detail = (
        "change_capacity",
        "authorise_overbooking",
        "close_sales",
        "reopen_sales",
        "swap_aircraft",
        "cancel_flight",
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The buttons belong to the page, where they wrap, not to the bar above it, where they would not fit."""
        context["desk_actions"] = context.pop("actions_detail", [])
        reply: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return reply

    has_resize_permission = has_right("catalog.resize_flight")
    has_overbook_permission = has_right("catalog.overbook_flight")
    has_close_permission = has_right("catalog.close_flight")
    has_swap_permission = has_right("catalog.swap_flight")
    has_cancel_permission = has_right("catalog.cancel_flight")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """The buttons that fit the flight's status."""
        columns = ("sales_open", "cancelled_at", "arriving_at")
        flight = Flight.objects.filter(pk=unquote(str(object_id))).only(*columns).first()
        fits = _BUTTONS[flight.status] if flight and not flight.is_over(now()) else ()
        offered = {f"catalog_flight_{name}" for name in fits}
        return [made for made in super().get_actions_detail(request, object_id) if made.action_name in offered]

    @button("Capacity", "capacity", icon="event_seat", right="resize", asks=dialogs.CAPACITY)
    def change_capacity(self, request: HttpRequest, form: dialogs.CapacityForm, object_id: str) -> HttpResponse:
        """Another capacity for a cabin or a limited product."""
        given = {"inventory_id": int(form.cleaned_data["inventory"]), "capacity": form.cleaned_data["capacity"]}
        return self._carry_out(request, form, change_capacity, given)

    @button("Overbooking", "overbooking", icon="group_add", right="overbook", asks=dialogs.OVERBOOKING)
    def authorise_overbooking(
        self, request: HttpRequest, form: dialogs.OverbookingForm, object_id: str
    ) -> HttpResponse:
        """Units beyond the capacity, on purpose."""
        given = {"inventory_id": int(form.cleaned_data["inventory"]), "units": form.cleaned_data["units"]}
        return self._carry_out(request, form, authorise_overbooking, given)

    @button("Close sales", "close", icon="block", right="close", asks=dialogs.CLOSE)
    def close_sales(self, request: HttpRequest, form: dialogs.CloseForm, object_id: str) -> HttpResponse:
        """Take the flight off sale."""
        return self._carry_out(request, form, close_sales, {"flight_id": form.flight_id})

    @button("Reopen sales", "reopen", icon="lock_open", right="close", asks=dialogs.REOPEN)
    def reopen_sales(self, request: HttpRequest, form: dialogs.ReopenForm, object_id: str) -> HttpResponse:
        """Put the flight back on sale."""
        return self._carry_out(request, form, reopen_sales, {"flight_id": form.flight_id})

    @button("Swap aircraft", "swap", icon="swap_horiz", right="swap", asks=dialogs.SWAP)
    def swap_aircraft(self, request: HttpRequest, form: dialogs.SwapForm, object_id: str) -> HttpResponse:
        """Another aircraft for this departure."""
        given = {"flight_id": form.flight_id, "aircraft_code": form.cleaned_data["aircraft"]}
        return self._carry_out(request, form, swap_aircraft, given)

    @button("Cancel flight", "cancel", icon="cancel", right="cancel", asks=dialogs.CANCEL, danger=True)
    def cancel_flight(self, request: HttpRequest, form: dialogs.CancelForm, object_id: str) -> HttpResponse:
        """The flight does not take place."""
        return self._carry_out(request, form, cancel_flight, {"flight_id": form.flight_id})

    def _carry_out(
        self,
        request: HttpRequest,
        form: dialogs.ReasonForm,
        service: Callable[..., Flight | Inventory],
        given: dict[str, Any],
    ) -> HttpResponse:
        flight, reason = Flight.objects.filter(pk=form.flight_id).first(), form.cleaned_data["reason"]
        if flight is None:
            raise Http404
        name = service.__name__.replace("_", " ")
        try:
            service(**given, actor=Actor("staff", str(request.user.pk)), reason=reason)
        except AltisError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            self.log_change(request, flight, f"{name}: {_told(given)}{reason}")
            self.message_user(request, f"Done: {name}. The journal has the reason.", messages.SUCCESS)
        return back_to(request, reverse("admin:catalog_flight_change", args=[quote(form.flight_id)]))


def _told(given: dict[str, Any]) -> str:
    """`inventory 7, capacity 90, ` for the log; the flight is the row that the line is about."""
    return "".join(f"{name.split('_')[0]} {value}, " for name, value in given.items() if name != "flight_id")
