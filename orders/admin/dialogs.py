"""The questions that staff answer before something is done to an order."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.forms import ChoiceField, HiddenInput, IntegerField
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget

from altis.store.admin.buttons import dialog
from orders.admin.onward import called, flights_of, instead_of
from orders.models import Order


class ReasonForm(BaseDialogForm):
    """Why, as one of a few words: the word stands in the history and in the event, where no free text may be."""

    reasons: tuple[tuple[str, str], ...] = ()
    reason = ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = self.reasons

    @property
    def order_id(self) -> str:
        """Of the order whose page it is."""
        return unquote(str(self.object_id))


class SeenForm(ReasonForm):
    """For what may be done several times: an answer that is sent twice is carried out once."""

    seen = IntegerField(required=False, widget=HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = Order.objects.filter(pk=self.order_id).first()
        self.fields["seen"].initial = self.order.version if self.order else None


class CancelForm(ReasonForm):
    """Why an unpaid order is given up."""

    reasons = (
        ("customer_request", "The customer asked for it"),
        ("duplicate_order", "It is there twice"),
        ("fare_error", "The fare was wrong"),
        ("suspected_fraud", "Fraud is suspected"),
    )


class ArchiveForm(ReasonForm):
    """Why a flown order is closed by hand."""

    reasons = (("flown", "It has been flown"), ("no_show", "Nobody showed up"))


class ExtendForm(SeenForm):
    """How much longer, and why."""

    reasons = (
        ("customer_request", "The customer asked for it"),
        ("payment_trouble", "Paying does not work at the moment"),
        ("waiting_for_approval", "Somebody has to approve the trip"),
    )
    minutes = ChoiceField(
        label="How much longer",
        choices=[("10", "10 minutes"), ("15", "15 minutes"), ("30", "30 minutes"), ("60", "1 hour")],
        initial="15",
        widget=UnfoldAdminSelectWidget,
    )


class ReissueForm(ReasonForm):
    """Why the documents are replaced."""

    reasons = (
        ("lost_documents", "The customer has lost them"),
        ("unreadable_barcode", "A barcode cannot be read"),
        ("misused_documents", "Somebody else may have them"),
    )


class ResendForm(ReasonForm):
    """Why the customer is told again."""

    reasons = (
        ("not_received", "Nothing has arrived"),
        ("customer_request", "The customer asked for it"),
        ("documents_changed", "The documents are new"),
    )


class RebookForm(ReasonForm):
    """From which flight of the order to which other one, and why."""

    reasons = (
        ("flight_cancelled", "The flight was cancelled"),
        ("flight_delayed", "The flight is late"),
        ("missed_connection", "A connection would be missed"),
        ("customer_request", "The customer asked for it"),
        ("goodwill", "As a kindness"),
    )
    from_flight = ChoiceField(label="Off this flight", widget=UnfoldAdminSelectWidget)
    to_flight = ChoiceField(
        label="On to this flight",
        widget=UnfoldAdminSelectWidget,
        help_text="Flights on the same way within two weeks that have seats left; departure in UTC.",
    )
    field_order = ("from_flight", "to_flight", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flights = flights_of(self.order_id)
        aboard = [(flight.pk, called(flight)) for flight in flights]
        self.fields["from_flight"].choices = aboard or [("", "The order has no seat on any flight")]
        self.fields["to_flight"].choices = instead_of(flights) or [("", "No flight has seats left")]


CANCEL = dialog(
    "Cancel this order?",
    "Its seats and extras go back on sale at once. This cannot be undone.",
    CancelForm,
    "Yes, cancel the order",
)
ARCHIVE = dialog(
    "Archive this order?", "Its books are closed. This cannot be undone.", ArchiveForm, "Yes, archive the order"
)
EXTEND = dialog(
    "Give more time to pay?",
    "The seats stay held for longer, within the airline's limits, and never past the end of sales.",
    ExtendForm,
    "Extend the hold",
)
REISSUE = dialog(
    "Issue new documents?",
    "The documents that the customer has are void at once, and new ones take their place.",
    ReissueForm,
    "Void the old, issue new ones",
)
RESEND = dialog(
    "Tell the customer again?",
    "An e-mail to the order's contact says where the documents are. Nothing else changes.",
    ResendForm,
    "Send it again",
)
REBOOK = dialog(
    "Move to another flight?",
    "At no charge. The new seats are taken before the old ones are given back; if there are none, nothing happens.",
    RebookForm,
    "Move the travellers",
)
