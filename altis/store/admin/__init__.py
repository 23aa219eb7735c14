"""The outbox in the back-office, and what every page that only shows is made of."""

from altis.store.admin.outbox import OutboxEventAdmin

__all__ = ["OutboxEventAdmin"]
