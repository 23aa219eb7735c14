"""Doors for the workers."""

from celery import shared_task

from altis.accounts.errors import MailNotSent
from orders.services import archive, expire, fulfil, resend


@shared_task(name="orders.sweep_expired")
def sweep_expired() -> int:
    """Expire orders whose hold has ended."""
    return expire.expire_all_due()


@shared_task(name="orders.fulfil")
def fulfil_one(order_id: str) -> None:
    """Issue the documents of a paid order."""
    fulfil.issue_documents(order_id)


@shared_task(name="orders.fulfil_paid")
def fulfil_paid() -> int:
    """Issue documents that are still owed."""
    return fulfil.fulfil_paid()


@shared_task(name="orders.archive_flown")
def archive_flown() -> int:
    """Archive orders that were flown a day ago."""
    return archive.archive_flown()


@shared_task(
    name="orders.mail_documents", autoretry_for=(MailNotSent,), retry_backoff=10, retry_backoff_max=300, max_retries=6
)
def mail_documents(order_id: str) -> None:
    """Write to the customer where the documents are."""
    resend.mail_documents(order_id)
