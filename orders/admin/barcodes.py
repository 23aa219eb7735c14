"""The barcodes of an order's documents, drawn as the API draws them. They contain names: only for a reveal."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from altis.accounts.services.reveal import clear
from orders.admin.parts import numbered
from orders.drawing import draw
from orders.models import Order


def barcodes_of(order: Order) -> list[dict[str, Any]]:
    """Of each document that is valid: what it is, whose, and its barcode as SVG, None where it cannot be read."""
    documents = order.documents.filter(voided_at__isnull=True).select_related("passenger", "item").order_by("position")
    return [
        {
            "kind": document.get_type_display(),
            "whose": numbered(document.passenger) if document.passenger else "",
            "item": document.item.name if document.item else "",
            "image": _drawn(clear(document, "payload")),
        }
        for document in documents
    ]


def _drawn(payload: str) -> SafeString | None:
    if payload in ("erased", "unreadable"):
        return None
    try:
        image = draw(payload, symbology="aztec", fmt="svg")
    except ValueError:
        return None
    return mark_safe(image.decode("ascii"))  # noqa: S308  # nosec B308, B703 - rectangles that we draw: nobody's text
