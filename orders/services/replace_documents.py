"""Void documents, and others in their place."""

from altis.store.database import DbNow
from altis.store.rows import insert
from orders.models import Document, Order
from orders.services.checkout import instant_of
from orders.services.fulfil import draw_up
from orders.services.parts import Parts


def void_documents(order_id: str) -> None:
    """From now on the documents of a locked order are good for nothing, in the caller's transaction."""
    Document.objects.filter(order_id=order_id, voided_at__isnull=True).update(voided_at=DbNow())


def replace_documents(order: Order, parts: Parts) -> None:
    """Void the documents of a locked order and issue what is owed now; the order keeps them with its other parts."""
    first = Document.objects.filter(order_id=order.pk).count()
    void_documents(order.pk)
    documents = draw_up(order, parts, instant_of(order), first=first)
    insert(documents)
    order.keep(passengers=parts.passengers, items=parts.items, documents=documents)
