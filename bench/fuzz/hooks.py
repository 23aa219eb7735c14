"""What Schemathesis is told of Altis: who calls, what exists, how a gateway signs. Named in `schemathesis.toml`."""

import hmac
import json
import os
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis import AuthContext, HookContext, Response
from schemathesis import Case as AnyCase
from schemathesis.cli.ext.handlers import handler
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from bench.fuzz import repairs
from bench.fuzz.mails import Mails
from bench.fuzz.tally import Tally
from bench.fuzz.world import World
from bench.torture.market import read_market

Case = AnyCase[Any]
_GUEST_TAGS = {"Catalog"}
_FOLDER = Path(os.environ["ALTIS_FUZZ_FOLDER"])
_WORLD = World(
    os.environ["ALTIS_FUZZ_URL"],
    list(read_market(_FOLDER / "market.json").trips),
    Mails(_FOLDER / "mails"),
    seed=int(os.environ["ALTIS_FUZZ_SEED"]),
)
_WORLD.prepare()
Tally.folder = _FOLDER
handler()(Tally)


@schemathesis.auth(refresh_interval=None)
class Bearer:
    """A guest where a guest is enough and nothing is bought; else the customer."""

    def get(self, case: Case, context: AuthContext) -> str:
        """A token with minutes left."""
        if _operation(case) == "change_password":
            return _WORLD.token("changer")
        return _WORLD.token("guest" if _GUEST_TAGS & set(case.operation.tags or ()) else "user")

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        """As a header."""
        case.headers["Authorization"] = f"Bearer {data}"


class Signed(requests.auth.AuthBase):
    """The gateway's signature, over the bytes that go out."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else b""
        at = str(int(time.time()))
        secret = os.environ["ALTIS_FUZZ_WEBHOOK_SECRET"]
        digest = hmac.new(secret.encode(), f"{at}.".encode() + raw, "sha256").hexdigest()
        request.headers["Altis-Signature"] = f"t={at},v1={digest}"
        return request


@schemathesis.hook
def filter_query(context: HookContext, query: dict[str, Any] | None) -> bool:
    """Without `{}` in the place of a text: it goes out as an empty one, which may be valid."""
    return not any(value == {} for value in (query or {}).values())


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Put what exists into the parts that were meant to be valid."""
    operation = _operation(case)
    _mend_path(case, operation)
    if _is_meant_valid(case, ParameterLocation.QUERY):
        _mend_query(case, operation)
    if _is_meant_valid(case, ParameterLocation.HEADER):
        _mend_headers(case, kwargs, operation)
    if _is_meant_valid(case, ParameterLocation.BODY) and isinstance(case.body, dict):
        body = repairs.whole_numbers(case.body)
        if operation == "accept_offer":
            body = repairs.travellers(_WORLD, str(case.path_parameters["offer_id"]), body)
        case.body = repairs.BODIES[operation](_WORLD, body) if operation in repairs.BODIES else body


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Remember what there is now."""
    if response.status_code < HTTPStatus.MULTIPLE_CHOICES and _is_json(response):
        _WORLD.learn(json.loads(response.content))
        if _operation(case) == "change_password" and isinstance(case.body, dict):
            _WORLD.password_changed(str(case.body["new_password"]))


def _operation(case: Case) -> str:
    return str(case.operation.definition.raw["operationId"])


def _is_json(response: Response) -> bool:
    return (response.headers.get("content-type") or [""])[0] == "application/json"


def _is_meant_valid(case: Case, location: ParameterLocation) -> bool:
    if case.meta is None:
        return False
    component = case.meta.components.get(location)
    return (component or case.meta.generation).mode.is_positive


def _mend_path(case: Case, operation: str) -> None:
    linked = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
    usable = case.meta is not None and case.meta.generation.mode.is_positive
    for name, value in case.path_parameters.items():
        if _is_meant_valid(case, ParameterLocation.PATH) and not (linked and value in _WORLD.known):
            case.path_parameters[name] = repairs.identifier(_WORLD, operation, name, usable=usable) or value


def _mend_query(case: Case, operation: str) -> None:
    query = {name: value for name, value in case.query.items() if name != "after"}  # no list has given such a cursor
    case.query = repairs.QUERIES[operation](_WORLD, query) if operation in repairs.QUERIES else query


def _mend_headers(case: Case, kwargs: dict[str, Any], operation: str) -> None:
    if "Idempotency-Key" in case.headers:
        # The same key with another body is refused, rightly.
        case.headers["Idempotency-Key"] = case.headers["Idempotency-Key"][:200] + _WORLD.serial()
    if operation == "receive_payment_webhook":
        kwargs["auth"] = Signed()
