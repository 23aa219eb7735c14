"""The Celery app and every periodic job, in one list."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
app = Celery("altis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["altis.accounts", "altis.api", "catalog", "offers", "orders", "payments"])

# (task, every so many seconds). `expires` equals the period: a late sweep is dropped, the next one does its work.
PERIODIC: tuple[tuple[str, float], ...] = (
    ("orders.sweep_expired", 1.0),
    ("catalog.reconcile_availability", 1.0),
    ("payments.run_janitor", 5.0),
    ("payments.send_refunds", 5.0),
    ("orders.fulfil_paid", 10.0),
    ("offers.sweep_impressions", 10.0),
    ("orders.archive_flown", 3600.0),
    ("api.purge_idempotency_keys", 3600.0),
    ("accounts.purge_refresh_tokens", 3600.0),
)
app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}} for task, seconds in PERIODIC
}
