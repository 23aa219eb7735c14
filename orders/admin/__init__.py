"""Orders in the back-office: everything to see, nothing to edit, and two moves that go through the services."""

from orders.admin.order import OrderAdmin

__all__ = ["OrderAdmin"]
