"""Small views that stand for the apps' own in the tests of the glue."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.idempotency import claim_for
from altis.api.pagination import InvalidCursor, page
from altis.api.schema import operation, page_of
from altis.api.serializers import (
    IdField,
    PageQuery,
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    StrictInstantField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    list_of,
    read,
    read_query,
)
from altis.api.views import ApiView
from altis.shared.errors import Conflict, Declined
from altis.shared.events import Event
from altis.shared.ids import new_id
from altis.store import outbox
from altis.store.claims import Claim, InProgress
from altis.store.database import command
from altis.store.models import OutboxEvent


class PartIn(StrictSerializer):
    """A nested object."""

    origin = StrictCharField(max_length=3, min_length=3)
    day = StrictDateField(required=False)


class EchoIn(StrictSerializer):
    """One field of every kind."""

    name = StrictCharField(max_length=10)
    count = StrictIntegerField(min_value=1, max_value=9, required=False)
    flag = StrictBooleanField(required=False)
    kind = StrictChoiceField(["adult", "child"], required=False)
    product_id = IdField("prd", required=False)
    at = StrictInstantField(required=False)
    tags = StrictListField(child=StrictCharField(max_length=5), max_length=2, required=False)
    parts = list_of(PartIn, required=False, max_length=2)


class EchoOut(serializers.Serializer[Any]):
    """The names that were sent."""

    names = serializers.ListField(child=serializers.CharField())


class RowOut(serializers.Serializer[Any]):
    """One event."""

    id = serializers.CharField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Event):
    """The effect of the idempotent views."""

    topic: ClassVar[str] = "altis.orders"
    type: ClassVar[str] = "test.done"


class Echo(ApiView):
    """Any token."""

    rate_class = "echo"

    @operation(id="echo", summary="Echo", tags=["test"], request=EchoIn, response=EchoOut, example={"names": ["a"]})
    def post(self, request: Request) -> Response:
        return Response({"names": sorted(read(EchoIn, request))})


class UsersOnly(ApiView):
    """Needs a user."""

    needs_user = True

    @operation(id="read_own", summary="Own", tags=["test"], response=EchoOut)
    def get(self, request: Request, own_id: str) -> Response:
        return Response({"names": [self.actor.kind]})


class Public(ApiView):
    """No token; a list with paging."""

    public = True

    @operation(
        id="list_events",
        summary="Events",
        tags=["test"],
        query=PageQuery,
        response=page_of(RowOut),
        problems=[InvalidCursor],
    )
    def get(self, request: Request) -> Response:
        rows = OutboxEvent.objects.all()
        key = ("-created_at", "-position")
        return Response(page(rows, key=key, present=lambda row: {"id": row.id}, **read_query(PageQuery, request)))


def present(done: dict[str, str]) -> dict[str, str]:
    """The reply to work that was done."""
    return done


def work(*, subject: str, claim: Claim, outcome: str = "done") -> dict[str, str]:
    """A service: one event, and the answer in the same transaction."""
    with command():
        claim.open()
        outbox.record(Done(subject=subject, sequence=1))
        done = {"subject": subject}
        declined = Declined() if outcome == "declined" else None
        if outcome == "conflict":
            raise Conflict
        if declined:
            claim.seal_problem(declined)
        else:
            claim.seal(done)
    if declined:
        raise declined
    return done


def work_in_phases(*, subject: str, claim: Claim, pending: bool) -> dict[str, str]:
    """A service in two transactions: the first leaves the claim open, and a later call may finish it."""
    try:
        with command():
            claim.open(resource=subject)
            outbox.record(Done(subject=subject, sequence=1))
    except InProgress as twin:
        subject = twin.resource
    if not pending:
        with command():
            claim.adopt()
            claim.seal({"subject": subject})
    return {"subject": subject}


class Effects(ApiView):
    """Idempotent, in one transaction."""

    @operation(id="do", summary="Do", tags=["test"], request=EchoIn, response=EchoOut, status=201, idempotent=True)
    def post(self, request: Request) -> HttpResponse:
        with claim_for(request, status=201, render=present) as claim:
            work(subject=new_id("ord"), outcome=read(EchoIn, request)["name"], claim=claim)
        return claim.response()


class Phases(ApiView):
    """Idempotent, in two transactions; 202 while the test says so."""

    pending: ClassVar[bool] = False

    @operation(id="do_slowly", summary="Do", tags=["test"], response={200: EchoOut, 202: EchoOut}, idempotent=True)
    def post(self, request: Request) -> HttpResponse:
        with claim_for(request, status=200, render=present) as claim:
            done = work_in_phases(subject=new_id("pay"), claim=claim, pending=self.pending)
        return claim.response(done, status=202)


class Broken(ApiView):
    """Breaks as the path says."""

    public = True

    @operation(id="break", summary="Break", tags=["test"], response=EchoOut)
    def get(self, request: Request, how: str) -> Response:
        statements = {
            "data": "SELECT 1/0",
            "lock": "SET LOCAL lock_timeout = '20ms'; LOCK TABLE store_outboxevent IN ACCESS EXCLUSIVE MODE",
            "slow": "SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)",
        }
        if how not in statements:
            raise RuntimeError("a bug")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements[how])
        return Response({"names": []})
