"""Every operation of the URL conf, and one world in which all of them can be called."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from altis.accounts.links import token_for
from altis.accounts.models import User
from altis.accounts.tokens import Pair, issue_for
from altis.shared.actors import Actor
from orders.models import Document, Order
from orders.services.fulfil import fulfil_order
from payments.signatures import sign
from tests.api.matrix_requests import PATHS, body_of, query_of
from tests.offers import market
from tests.orders.trips import offer_for, pay_up, place

PASSWORD = "correct horse battery"
_CONVERTERS = {"<str:": "{", ">": "}"}


def operations(urlconf: str = "altis.urls") -> list[str]:
    """`GET /v1/orders/{order_id}` and so on: what the URL conf serves under /v1, but for its 404."""
    return sorted(
        f"{method} {route}"
        for route, view in _routes(get_resolver(urlconf).url_patterns, "/")
        if route.startswith("/v1/")
        for method in _methods(view)
    )


def _routes(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            for mark, plain in _CONVERTERS.items():
                route = route.replace(mark, plain)
            yield route, one.callback


def _methods(view: Any) -> list[str]:
    """A plain function is taken for a page that is read: a new one is noticed all the same."""
    kind = getattr(view, "cls", None)
    names = ("get", "post", "put", "patch", "delete") if kind else ()
    return [name.upper() for name in names if hasattr(kind, name)] or ["GET"]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A seller's small world: an owner with an order that waits, one that is done, and people of every kind."""

    owner: User
    other: User
    waiting: Order
    done: Order
    document: Document
    pair: Pair
    ids: Mapping[str, str] = field(default_factory=dict)


def make_world() -> World:
    """Its orders are the owner's; `ids` fill paths and bodies, and the offer among them is still open."""
    owner = User.objects.create_user("owner@example.com", PASSWORD)
    other = User.objects.create_user("other@example.com", PASSWORD)
    market.make_bundles()
    market.fly()
    actor = Actor("user", owner.pk)
    waiting = place(offer_for(), actor)
    done = fulfil_order(pay_up(place(offer_for(), actor)).pk)
    document = done.documents.all()[0]
    pair = issue_for(owner)
    ids = {
        "order_id": waiting.pk,
        "document_id": document.pk,
        "offer_id": offer_for().id,
        "gateway": "simulator",
        "refresh": str(pair.refresh),
        "verify": token_for(owner, "verify"),
        "reset": token_for(owner, "reset"),
    }
    return World(owner=owner, other=other, waiting=waiting, done=done, document=document, pair=pair, ids=ids)


def call(name: str, ids: Mapping[str, str], *, method: str = "", **headers: str) -> Any:
    """The reply to an operation's harmless request, with these headers."""
    verb, route = name.split(" ")
    body = body_of(name, ids)
    raw = json.dumps(body).encode() if verb == "POST" else b""
    sent = {**signature_of(name, raw), **headers}
    path = route.format(**{**PATHS, **ids}) + query_of(name)
    return browser().generic(method or verb, path, raw, content_type="application/json", headers=sent)


@cache
def browser() -> Client:
    """One client without cookies for all: each new one would set the whole middleware up again."""
    return Client(raise_request_exception=False)


def signature_of(name: str, raw: bytes) -> dict[str, str]:
    """The signature that a webhook needs before anything in it is read; nothing for other operations."""
    if "/webhooks/" not in name:
        return {}
    return {"Altis-Signature": sign(raw, settings.ALTIS_WEBHOOK_SECRETS[0], int(time.time()))}


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened afterwards. A savepoint and no block: commands refuse to be nested."""
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)


def row_counts() -> dict[str, int]:
    """How many rows each table has, with one query."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return dict(cursor.fetchall())
