"""Periodic work of accounts."""

from celery import shared_task

from altis.accounts.services.purge_tokens import purge_tokens


@shared_task(name="accounts.purge_refresh_tokens")
def purge_refresh_tokens() -> None:
    """Delete records of expired refresh tokens."""
    purge_tokens()
