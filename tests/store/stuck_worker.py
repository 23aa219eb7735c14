"""A Celery app whose one task never ends; run by test_worker_end.py in a process of its own."""

import os
import time

from celery import Celery
from celery.signals import worker_ready
from redis import Redis

from altis.store import worker_end

URL, NAME = os.environ["STUCK_URL"], os.environ["STUCK_NAME"]
if os.environ["STUCK_WATCHED"] == "yes":
    worker_end.BROKEN_SECONDS = worker_end.ASKED_SECONDS = 0.5  # a test has no half minute
    worker_ready.connect(worker_end.watch)

app = Celery(NAME, broker=URL)
app.conf.update(task_default_queue=NAME, broker_connection_retry_on_startup=True, worker_hijack_root_logger=False)


@app.task(name="stuck.wait")
def wait() -> None:
    """Tell whose process this is, and stay."""
    Redis.from_url(URL).set(f"{NAME}.child", os.getpid(), ex=60)
    time.sleep(600)
