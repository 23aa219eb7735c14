"""The questions that staff answer before a command on a flight is carried out."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.forms import ChoiceField, IntegerField
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from altis.store.admin.buttons import dialog
from catalog.admin.cabins import what_of
from catalog.models import Aircraft, Flight, Inventory
from catalog.services.authorise_overbooking import limit_of

Reasons = tuple[tuple[str, str], ...]
_CHOOSE = ("", "Choose one")


class ReasonForm(BaseDialogForm):
    """Why, as one of a few words: it stands in the journal and in the event, where no free text may be."""

    reasons: Reasons = ()
    reason = ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [_CHOOSE, *self.reasons]

    @property
    def flight_id(self) -> str:
        """The flight that the dialog is about."""
        return unquote(str(self.object_id))


class _InventoryForm(ReasonForm):
    """Which of the flight's inventories, with the figures as they are."""

    inventory = ChoiceField(label="Cabin or product", widget=UnfoldAdminSelectWidget)
    cabins_only = False
    field_order = ("inventory", "capacity", "units", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Inventory.objects.filter(flight=self.flight_id).select_related("product").order_by("product_id", "pk")
        offered = [row for row in rows if row.product_id is None or not self.cabins_only]
        offered.sort(key=lambda row: row.product_id is not None)
        self.fields["inventory"].choices = [_CHOOSE, *((row.pk, self.told(row)) for row in offered)]

    def told(self, row: Inventory) -> str:
        """The figures that the command is about."""
        over = f" + {row.forced_over}" if row.forced_over else ""
        return f"{what_of(row)}: {row.capacity}{over}, of these {row.sold} sold and {row.held} held"


class CapacityForm(_InventoryForm):
    """Another capacity."""

    reasons = (
        ("seats_blocked", "Seats are blocked"),
        ("seats_unblocked", "Blocked seats are free again"),
        ("operations", "Operations asked for it"),
        ("correction", "The figure was wrong"),
    )
    capacity = IntegerField(label="New capacity", min_value=0, max_value=10_000, widget=UnfoldAdminIntegerFieldWidget)


class OverbookingForm(_InventoryForm):
    """So many units beyond the capacity."""

    cabins_only = True
    reasons = (
        ("no_show_forecast", "Some are expected not to show up"),
        ("smaller_aircraft", "A smaller aircraft, until customers are moved"),
        ("withdrawn", "Overbooking is taken back"),
    )
    units = IntegerField(
        label="Units beyond the capacity", min_value=0, max_value=1000, widget=UnfoldAdminIntegerFieldWidget
    )

    def told(self, row: Inventory) -> str:
        """With the most that may be authorised."""
        return f"{super().told(row)}; at most {limit_of(row)} beyond"


class CloseForm(ReasonForm):
    """Why nothing more is sold."""

    reasons = (
        ("operations", "Operations asked for it"),
        ("irregularity", "Operations are disrupted"),
        ("pricing", "Prices are being corrected"),
    )


class ReopenForm(ReasonForm):
    """Why it is sold again."""

    reasons = (("resolved", "What closed it is resolved"), ("closed_by_mistake", "It was closed by mistake"))


class CancelForm(ReasonForm):
    """Why the flight does not take place."""

    reasons = (
        ("weather", "Weather"),
        ("technical", "Technical"),
        ("crew", "Crew"),
        ("airport", "Airport or airspace"),
        ("commercial", "Commercial"),
    )


class SwapForm(ReasonForm):
    """Which aircraft instead."""

    reasons = (("technical", "Technical"), ("demand", "Demand"), ("schedule_change", "Change of schedule"))
    aircraft = ChoiceField(label="New aircraft", widget=UnfoldAdminSelectWidget)
    field_order = ("aircraft", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flown = Flight.objects.filter(pk=self.flight_id).values("aircraft")
        others = Aircraft.objects.exclude(pk__in=flown).prefetch_related("cabins")
        self.fields["aircraft"].choices = [_CHOOSE, *((aircraft.pk, _seats(aircraft)) for aircraft in others)]


def _seats(aircraft: Aircraft) -> str:
    cabins = ", ".join(f"{cabin.cabin.replace('_', ' ')} {cabin.capacity}" for cabin in aircraft.cabins.all())
    return f"{aircraft.name}: {cabins or 'no seats'}"


CAPACITY = dialog(
    "Change the capacity",
    "Never less than is held and sold, unless overbooking covers the difference.",
    CapacityForm,
    "Change capacity",
)
OVERBOOKING = dialog(
    "Authorise overbooking",
    "So many units may be sold beyond the capacity. Your name stands beside it in the journal.",
    OverbookingForm,
    "Authorise",
)
CLOSE = dialog(
    "Close sales?",
    "Nobody finds or books this flight any more. Orders that hold seats may still be paid.",
    CloseForm,
    "Close sales",
)
REOPEN = dialog(
    "Reopen sales?",
    "What is left is for sale again.",
    ReopenForm,
    "Reopen sales",
)
CANCEL = dialog(
    "Cancel this flight?",
    "It goes off sale for good; its paid orders wait to be rebooked or refunded. This cannot be undone.",
    CancelForm,
    "Yes, cancel the flight",
)
SWAP = dialog(
    "Swap the aircraft",
    "Refused when somebody who is booked would lose a seat; the refusal says who is in the way.",
    SwapForm,
    "Swap aircraft",
)
