"""The Celery app and every periodic job, in one list."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready

from altis.store import worker_end

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
app = Celery("altis")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(
    [
        "altis.accounts",
        "altis.api",
        "catalog",
        "offers",
        "orders",
        "payments",
        "altis.insight",
        "altis.backoffice",
        "altis.shop",
    ]
)
worker_ready.connect(worker_end.watch)

# (task, every so many seconds, or at a time of the UTC day). `expires` equals the period, or is an hour: a late sweep
# is dropped, the next one does its work.
PERIODIC: tuple[tuple[str, float | crontab], ...] = (
    ("orders.sweep_expired", 1.0),
    ("catalog.reconcile_availability", 1.0),
    ("payments.run_janitor", 5.0),
    ("payments.send_refunds", 5.0),
    ("orders.fulfil_paid", 10.0),
    ("offers.sweep_impressions", 10.0),
    ("orders.archive_flown", 3600.0),
    ("api.purge_idempotency_keys", 3600.0),
    ("accounts.purge_refresh_tokens", 3600.0),
    ("shop.forget_visitors", 3600.0),
    ("insight.purge_inbox", 3600.0),
    ("insight.check_recent", 60.0),
    ("backoffice.resume_bulk", 10.0),
    ("insight.check_all", crontab(hour="3", minute="0")),
)
app.conf.beat_schedule = {
    task: {"task": task, "schedule": when, "options": {"expires": when if isinstance(when, float) else 3600.0}}
    for task, when in PERIODIC
}
