"""Doors for the workers."""

from celery import shared_task

from offers.services import sweep


@shared_task(name="offers.sweep_impressions")
def sweep_impressions() -> int:
    """Move what expired searches showed to PostgreSQL."""
    return sweep.sweep_impressions()
