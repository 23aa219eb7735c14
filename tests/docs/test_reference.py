"""What the documents state about the code is what the code does."""

import re
import tomllib
from decimal import Decimal
from types import ModuleType
from typing import Any

import orjson
import pytest

from altis.api.docs import document
from altis.shared.events import Event
from altis.shared.lifecycle import Lifecycle
from altis.shared.money import Money
from altis.store.kafka import TOPICS
from catalog import events as inventory_events
from catalog.pricing import demand_multiplier, extra_price, flight_price, utilization
from catalog.services.seeding.assortment import BUNDLES, PRODUCTS
from offers import events as offer_events
from offers.lifecycle import OFFER
from orders import events as order_events
from orders.lifecycle import ORDER
from payments import events as payment_events
from payments.lifecycle import PAYMENT
from payments.simulator.tokens import TOKENS
from tests.docs.pages import ROOT, fences, rows, text

API = "docs/api.md"
_PROBLEM = "application/problem+json"
_CODE = re.compile(r"([0-9]{3}) `([a-z_]+)`")
# Answers to what is no operation, so the OpenAPI document has no place for them.
_OUTSIDE = {"method_not_allowed": 405, "internal_error": 500}
_KEY_CODES = {"invalid_idempotency_key", "idempotency_in_progress", "idempotency_key_reused", "busy"}


@pytest.fixture(scope="module")
def served() -> dict[str, dict[str, Any]]:
    """The operations of the OpenAPI document, as `GET /v1/orders`."""
    document.cache_clear()
    paths = orjson.loads(document())["paths"]
    document.cache_clear()
    return {f"{method.upper()} {path}": each for path, methods in paths.items() for method, each in methods.items()}


def _codes(operation: dict[str, Any]) -> set[tuple[int, str]]:
    found = set()
    for status, reply in operation["responses"].items():
        problem = reply.get("content", {}).get(_PROBLEM)
        if problem:
            found |= {(int(status), code) for code in problem["schema"]["allOf"][1]["properties"]["code"]["enum"]}
    return found


def _shared() -> dict[str, int]:
    return {row[0].strip("`"): int(row[1]) for row in rows(API, "Code")}


def _told() -> dict[str, list[str]]:
    """The operations of the page, with the cells that follow."""
    return {row[0].strip("`"): row[1:] for row in rows(API, "Operation")}


def test_every_operation_is_told_and_no_other(served: dict[str, Any]) -> None:
    assert sorted(_told()) == sorted(served)


def test_each_operation_has_the_codes_that_the_page_tells(served: dict[str, Any]) -> None:
    shared = {(status, code) for code, status in _shared().items()}

    for name, (_, cell) in _told().items():
        own = {(int(status), code) for status, code in _CODE.findall(cell)}
        assert own <= _codes(served[name]), name
        assert _codes(served[name]) <= own | shared, name


def test_every_shared_code_is_one_that_operations_have(served: dict[str, Any]) -> None:
    said = {code: status for operation in served.values() for status, code in _codes(operation)}

    assert {code: said.get(code) or _OUTSIDE[code] for code in _shared()} == _shared()


def test_each_operation_wants_the_token_that_the_page_tells(served: dict[str, Any]) -> None:
    for name, (cell, _) in _told().items():
        codes = {code for _, code in _codes(served[name])}
        kind = "user" if "user_token_required" in codes else "guest" if "security" in served[name] else "none"
        assert cell == (f"{kind}, *key*" if codes >= _KEY_CODES else kind), name


def test_the_simulators_tokens_are_told() -> None:
    assert [row[0].strip("`") for row in rows(API, "Token")] == list(TOKENS)


def test_the_table_of_prices_is_what_pricing_says() -> None:
    base = Money.of(200, "USD")

    told = list(rows("docs/pricing.md", "Seats left"))

    assert len(told) == 7
    for left, *figures in told:
        seats = int(left)
        price = flight_price(base, available=seats, capacity=100, passenger="adult").unit
        gone, multiplier = utilization(seats, 100) * 100, demand_multiplier(seats, 100)
        assert figures == [f"{gone:.0f} %", f"{multiplier:.4f}", f"{price.amount}"]


def test_the_table_of_a_bundle_is_what_pricing_and_seed_say() -> None:
    comfort = next(bundle for bundle in BUNDLES if bundle.code == "comfort")
    products = [product for product in PRODUCTS if product.code in comfort.items]

    expected = []
    for product in products:
        base = Money.of(product.price, "USD")
        price = extra_price(base, discount_percent=Decimal(comfort.discount_percent), bundle_name=comfort.name)
        expected.append([product.name, *(str(part.amount.amount) for part in price.components), f"{price.unit.amount}"])
    assert list(rows("docs/pricing.md", "Product")) == expected


@pytest.mark.parametrize("lifecycle", [ORDER, OFFER, PAYMENT], ids=["order", "offer", "payment"])
def test_the_drawing_of_a_lifecycle_is_the_table_that_runs(lifecycle: Lifecycle[Any]) -> None:
    assert lifecycle.mermaid() in fences("docs/architecture.md", "mermaid")


def test_the_floors_are_those_that_are_linted() -> None:
    contracts = tomllib.loads(text("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    linted = next(contract["layers"] for contract in contracts if contract["name"].startswith("Floors"))

    told = list(rows("docs/architecture.md", "Floor"))

    assert [row[1].replace("`", "").replace(", ", " | ") for row in told] == linted
    assert [int(row[0]) for row in told] == list(range(len(linted), 0, -1))


@pytest.mark.parametrize("module", [offer_events, order_events, payment_events, inventory_events])
def test_every_event_is_told_under_its_topic(module: ModuleType) -> None:
    kinds = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)]
    leaves = [kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)]

    told = {row[0].strip("`"): re.findall(r"`([^`]+)`", row[2]) for row in rows("docs/development.md", "Topic")}

    assert tuple(told) == TOPICS
    assert sorted(told[leaves[0].topic]) == sorted(kind.type for kind in leaves)


@pytest.mark.parametrize("name", ["docs/holds.md", "docs/development.md", "docs/architecture.md"])
def test_every_file_that_a_page_names_exists(name: str) -> None:
    named = re.findall(r"`((?:altis|catalog|offers|orders|payments|deploy|bench|tests)/[\w/.]+)`", text(name))

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == ["bench/results"] * named.count("bench/results")
