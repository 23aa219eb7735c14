"""Telling the customer again where the documents are."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from altis.accounts.mail import post
from altis.privacy.errors import Unreadable
from altis.shared.actors import Actor, Cause
from altis.store import jobs
from altis.store.database import command, retried
from orders.errors import OrderNotChangeable
from orders.lifecycle import OrderChange, OrderStatus
from orders.models import Order
from orders.services.change import change_order
from orders.services.checkout import lock_order


def resend(*, order_id: str, actor: Actor, reason: str) -> Order:
    """Write to the contact of a FULFILLED order where its documents are; returns the order.

    The e-mail goes out after the commit, by a worker. Raises OrderNotFound, or OrderNotChangeable for any other order
    and for one whose customer was erased.
    """

    def work() -> Order:
        with command():
            order = lock_order(order_id)
            if order.status != OrderStatus.FULFILLED:
                raise OrderNotChangeable
            if not order.contact_email:
                raise OrderNotChangeable("The customer's data has been erased: there is nobody to write to.")
            change_order(order, OrderChange.RESENT, cause=Cause(actor, reason))
            jobs.enqueue("orders.mail_documents", order.pk)
        return order

    return retried(work)


def mail_documents(order_id: str) -> bool:
    """Send that e-mail; False, and nothing is sent, for an order without documents or whose customer was erased.

    Raises MailNotSent.
    """
    order = Order.objects.filter(pk=order_id, status=OrderStatus.FULFILLED).first()
    if order is None:
        return False
    try:
        address = str(order.contact_email or "")
    except Unreadable:
        address = ""
    if not address:
        return False
    context = {"reference": order.reference, "link": settings.ALTIS_PUBLIC_URL.rstrip("/") + "/booking"}
    text = render_to_string("orders/documents.txt", context)
    post(EmailMessage(f"Your documents for booking {order.reference}", text, to=[address]))
    return True
