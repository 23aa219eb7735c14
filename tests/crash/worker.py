"""What a forked process does: one operation of the product, with a failpoint armed, on the test's own servers.

Imported once by the fork server, which then has Django loaded, and neither a connection nor a thread.
"""

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import get_resolver

from altis.backoffice.tasks import resume_bulk
from altis.shared.actors import Actor
from orders.services.rebook import rebook
from orders.tasks import sweep_expired
from payments.services.give_back import give_back
from payments.tasks import run_janitor, send_refunds
from tests.crash import patience, sabotage

get_resolver().url_patterns  # noqa: B018  (the views are imported here, once, and not by every child)
_STAFF = Actor("staff", "usr_1")
Said = int | str  # the status of a reply, or what a job did


@dataclass(frozen=True)
class Job:
    """One operation, and the settings of the test that asks for it."""

    do: str
    args: Mapping[str, Any] = field(default_factory=dict)
    database: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    sabotage: str = ""  # a safeguard to be taken away, by its name in tests.crash.sabotage


@dataclass(frozen=True)
class Outcome:
    """What the caller of an operation sees."""

    said: Said
    body: bytes = b""
    type: str = ""


def run(job: Job, pipe: Connection) -> None:
    """Do the job and tell its outcome; the body of a forked process."""
    try:
        _settle_in(job)
        outcome = OPERATIONS[job.do](**job.args)
    except Exception as error:
        outcome = Outcome(type(error).__name__, traceback.format_exc().encode())
    pipe.send(outcome)
    pipe.close()
    os._exit(0)  # as a worker that is stopped: nothing is tidied up


def _settle_in(job: Job) -> None:
    for name, value in job.settings.items():
        setattr(settings, name, value)
    for alias in connections.settings:
        if connections[alias].connection is not None:
            raise RuntimeError("a connection was inherited through the fork")
        connections[alias].settings_dict["NAME"] = job.database
    patience.shorten(leads=job.do == "relay")
    if job.sabotage:
        getattr(sabotage, job.sabotage)()


def post(path: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """A request through the whole product; a bug is a 500, as a caller sees it."""
    client = Client(raise_request_exception=False)
    reply = client.post(path, body, content_type="application/json", headers=dict(headers))
    return Outcome(reply.status_code, reply.content, reply["Content-Type"])


def _did(job: Callable[[], int]) -> Callable[[], Outcome]:
    return lambda: Outcome(f"did {job()}")


def _relay() -> Outcome:
    call_command("relay_outbox", once=True)
    return Outcome("ended")


def staff_give_back(order_id: str) -> Outcome:
    """A member of staff gives the money of an order back."""
    return Outcome(f"did {give_back(order_id=order_id, actor=_STAFF, reason='flight_cancelled').status}")


def staff_rebook(**move: str) -> Outcome:
    """A member of staff moves an order to another flight."""
    return Outcome(f"did {rebook(**move, actor=_STAFF, reason='flight_cancelled').status}")


OPERATIONS: Mapping[str, Callable[..., Outcome]] = {
    "post": post,
    "sweep": _did(sweep_expired),
    "janitor": _did(run_janitor),
    "refunds": _did(send_refunds),
    "relay": _relay,
    "bulk": _did(resume_bulk),
    "give_back": staff_give_back,
    "rebook": staff_rebook,
}
