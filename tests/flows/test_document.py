"""The served OpenAPI document as a whole: each operation of the contract, with examples that fit their schemas."""

from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are no dependency of ours
import orjson
import pytest

from altis.api.docs import document

OPERATIONS = {
    "get /healthz",
    "get /metrics",
    "get /readyz",
    "get /v1/docs",
    "get /v1/documents/{document_id}/barcode.png",
    "get /v1/documents/{document_id}/barcode.svg",
    "get /v1/flights",
    "get /v1/offers/{offer_id}",
    "get /v1/openapi.json",
    "get /v1/orders",
    "get /v1/orders/{order_id}",
    "get /v1/orders/{order_id}/documents",
    "get /v1/orders/{order_id}/history",
    "get /v1/products",
    "post /v1/auth/guest",
    "post /v1/auth/register",
    "post /v1/auth/token",
    "post /v1/auth/token/refresh",
    "post /v1/offers/search",
    "post /v1/offers/{offer_id}/accept",
    "post /v1/offers/{offer_id}/reject",
    "post /v1/orders/{order_id}/cancel",
    "post /v1/orders/{order_id}/pay",
    "post /v1/webhooks/payments/{gateway}",
}


@pytest.fixture(scope="module")
def served() -> dict[str, Any]:
    document.cache_clear()  # another module's tests may have left that of their own paths
    whole: dict[str, Any] = orjson.loads(document())
    return whole


def _operations(served: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def _examples(content: dict[str, Any]) -> list[Any]:
    named = [example["value"] for example in content.get("examples", {}).values()]
    return [*named, *([content["example"]] if "example" in content else [])]


def test_every_operation_of_the_contract_is_described(served: dict[str, Any]) -> None:
    described = {name for name, _ in _operations(served)}

    assert described >= OPERATIONS


def test_every_success_has_an_example(served: dict[str, Any]) -> None:
    bare = [
        f"{name} {status}"
        for name, operation in _operations(served)
        for status, response in operation["responses"].items()
        for content_type, content in response.get("content", {}).items()
        if status.startswith("2") and not content_type.startswith("image/") and not _examples(content)
    ]

    assert bare == []


def test_every_example_fits_its_schema(served: dict[str, Any]) -> None:
    contents = [
        content
        for _, operation in _operations(served)
        for body in [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in body.get("content", {}).values()
    ]

    for content in contents:
        for example in _examples(content):
            jsonschema.validate(example, {**content["schema"], "components": served["components"]})
    assert sum(len(_examples(content)) for content in contents) > len(OPERATIONS)
