"""The project package. Loads the Celery app, so that tasks bind to it; nothing else."""

from altis.celery import app as celery_app

__all__ = ["celery_app"]
