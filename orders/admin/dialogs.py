"""The questions that staff answer before an order is moved."""

from typing import Any

from django.forms import ChoiceField
from unfold.dataclasses import ActionDialog
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget


class ReasonForm(BaseDialogForm):
    """Why, as one of a few words: the word stands in the history and in the event, where no free text may be."""

    reasons: tuple[tuple[str, str], ...] = ()
    reason = ChoiceField(widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = self.reasons


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


CANCEL = ActionDialog(
    title="Cancel this order?",
    description="Its seats and extras go back on sale at once. This cannot be undone.",
    form_class=CancelForm,
    form_submit_text="Yes, cancel the order",
)
ARCHIVE = ActionDialog(
    title="Archive this order?",
    description="Its books are closed. This cannot be undone.",
    form_class=ArchiveForm,
    form_submit_text="Yes, archive the order",
)
