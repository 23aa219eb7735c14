"""Doors for the workers."""

from celery import shared_task

from catalog.services.reconcile import reconcile


@shared_task(name="catalog.reconcile_availability")
def reconcile_availability() -> int:
    """Compare the gate with the ledger and mend what drifted."""
    return reconcile()
