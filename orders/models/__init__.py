"""The orders' tables."""

from orders.models.documents import Document, DocumentType
from orders.models.order import Order, OrderEvent
from orders.models.parts import OrderItem, Passenger

__all__ = ["Document", "DocumentType", "Order", "OrderEvent", "OrderItem", "Passenger"]
