"""Doors for the workers."""

from celery import shared_task

from altis.backoffice.services import work_bulk as bulk


@shared_task(name="backoffice.work_bulk")
def work_bulk(run_id: str) -> int:
    """Work on one run for a while; returns how many orders."""
    return bulk.work_bulk(run_id=run_id)


@shared_task(name="backoffice.resume_bulk")
def resume_bulk() -> int:
    """Work on the runs that nobody has; returns how many orders."""
    return bulk.resume_bulk()
