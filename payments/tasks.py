"""Doors for the workers."""

from celery import shared_task

from payments.services import janitor, refund


@shared_task(name="payments.run_janitor")
def run_janitor() -> int:
    """Ask for, or fence, payments that are still undecided."""
    return janitor.run_janitor()


@shared_task(name="payments.send_refunds")
def send_refunds() -> int:
    """Send refunds that are due."""
    return refund.send_refunds()
