"""What staff may do to an order: each button asks for a reason, and calls the service that the API would call."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.forms import BaseDialogForm

from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.admin.buttons import back_to, button, has_right
from orders.admin.dialogs import ARCHIVE, CANCEL, EXTEND, REBOOK, REISSUE, RESEND
from orders.models import Order
from orders.services.archive import archive_order
from orders.services.cancel import cancel_order
from orders.services.extend_hold import extend_hold
from orders.services.rebook import rebook
from orders.services.reissue import reissue
from orders.services.resend import resend

Service = Callable[..., Order]


class OrderActions(ModelAdmin):
    """The buttons, and a right of its own for each: the right to change orders opens no form."""

    has_cancel_permission = has_right("orders.cancel_order")
    has_archive_permission = has_right("orders.archive_order")
    has_extend_permission = has_right("orders.extend_order")
    has_rebook_permission = has_right("orders.rebook_order")
    has_reissue_permission = has_right("orders.reissue_order")
    has_resend_permission = has_right("orders.resend_order")

    @button("Cancel order", "cancel", icon="cancel", right="cancel", asks=CANCEL, danger=True)
    def cancel_unpaid(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Give up an order that waits for its payment."""
        return self.carry_out(request, object_id, cancel_order, reason=form.cleaned_data["reason"])

    @button("Extend hold", "extend", icon="more_time", right="extend", asks=EXTEND)
    def extend_unpaid(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Give a customer more time to pay."""
        service = partial(extend_hold, minutes=int(form.cleaned_data["minutes"]), seen=form.cleaned_data["seen"])
        return self.carry_out(request, object_id, service, reason=form.cleaned_data["reason"], done="extended")

    @button("Rebook", "rebook", icon="flight_takeoff", right="rebook", asks=REBOOK)
    def rebook_paid(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Move the travellers of one flight to another."""
        flights = {name: form.cleaned_data[name] for name in ("from_flight", "to_flight")}
        service = partial(rebook, **flights)
        return self.carry_out(request, object_id, service, reason=form.cleaned_data["reason"], done="rebooked")

    @button("Re-issue documents", "reissue", icon="contract_edit", right="reissue", asks=REISSUE)
    def reissue_documents(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Void the documents and issue new ones."""
        return self.carry_out(request, object_id, reissue, reason=form.cleaned_data["reason"], done="re-issued")

    @button("Resend documents", "resend", icon="forward_to_inbox", right="resend", asks=RESEND)
    def resend_documents(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Tell the customer again where the documents are."""
        return self.carry_out(request, object_id, resend, reason=form.cleaned_data["reason"], done="resent")

    @button("Archive order", "archive", icon="archive", right="archive", asks=ARCHIVE)
    def archive_flown(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Close a flown order's books before the hourly job does."""
        return self.carry_out(request, object_id, archive_order, reason=form.cleaned_data["reason"])

    def carry_out(
        self, request: HttpRequest, object_id: str, service: Service, *, reason: str, done: str = ""
    ) -> HttpResponse:
        """Call the service as this member of staff, and say on the order's page what came of it.

        `done` says what was done, where the order's new status does not. A refusal is shown in the service's words.
        """
        order_id = unquote(object_id)
        if self.get_object(request, order_id) is None:
            raise Http404
        try:
            order = service(order_id=order_id, actor=Actor("staff", str(request.user.pk)), reason=reason)
        except AltisError as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
        else:
            said = done or order.status
            self.log_change(request, order, f"{said}: {reason}")
            self.message_user(request, f"Order {order.reference}: {said.lower()}.", messages.SUCCESS)
        return self.back(request, order_id)

    def back(self, request: HttpRequest, order_id: str) -> HttpResponse:
        """Back to the order's page."""
        return back_to(request, reverse("admin:orders_order_change", args=[quote(order_id)]))
