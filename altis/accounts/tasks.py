"""Work of accounts for the workers."""

from celery import shared_task

from altis.accounts.errors import MailNotSent
from altis.accounts.services.purge_tokens import purge_tokens
from altis.accounts.services.send_link import send_link


@shared_task(name="accounts.purge_refresh_tokens")
def purge_refresh_tokens() -> None:
    """Delete records of expired refresh tokens."""
    purge_tokens()


@shared_task(
    name="accounts.send_link", autoretry_for=(MailNotSent,), retry_backoff=10, retry_backoff_max=300, max_retries=6
)
def send_link_to(user_id: str, purpose: str) -> None:
    """Write to a person; the message names them by id alone."""
    send_link(user_id=user_id, purpose=purpose)
