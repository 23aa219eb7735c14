"""Doors for the workers."""

from celery import shared_task

from altis.shop.services import forget_visitors as forgetting


@shared_task(name="shop.forget_visitors")
def forget_visitors() -> int:
    """Erase visitors whose bookings came to nothing long ago; returns how many."""
    return forgetting.forget_visitors()
