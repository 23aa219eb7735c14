"""The links of the OpenAPI document lead to operations and parameters that there are, from values that replies have."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are no dependency of ours
import orjson
import pytest

from altis.api.docs import document


@pytest.fixture(scope="module")
def operations() -> dict[str, dict[str, Any]]:
    """By operation id."""
    document.cache_clear()
    paths = orjson.loads(document())["paths"]
    document.cache_clear()
    return {each["operationId"]: each for methods in paths.values() for each in methods.values()}


def _links(operations: dict[str, dict[str, Any]]) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Where each stands, itself, and the reply that it stands at."""
    replies = [(name, reply) for name, each in operations.items() for reply in each["responses"].values()]
    return [(name, link, reply) for name, reply in replies for link in reply.get("links", {}).values()]


def test_a_purchase_can_be_followed_by_links(operations: dict[str, Any]) -> None:
    steps = {(name, link["operationId"]) for name, link, _ in _links(operations)}

    assert steps >= {
        ("search_offers", "accept_offer"),
        ("accept_offer", "pay_order"),
        ("pay_order", "list_documents"),
        ("list_documents", "get_barcode_png"),
    }


def test_every_link_names_an_operation_and_its_parameters(operations: dict[str, Any]) -> None:
    for name, link, _ in _links(operations):
        taken = {parameter["name"] for parameter in operations[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= taken, name


def test_every_link_finds_its_value_in_the_example(operations: dict[str, Any]) -> None:
    for name, link, reply in _links(operations):
        content = reply["content"]["application/json"]
        example = content.get("example") or next(iter(content["examples"].values()))["value"]
        for expression in link["parameters"].values():
            assert _at(example, expression.removeprefix("$response.body#")), (name, expression)


def test_empty_cursor_is_one_for_the_document_too(operations: dict[str, Any]) -> None:
    [after] = [each for each in operations["list_products"]["parameters"] if each["name"] == "after"]

    jsonschema.validate("", after["schema"])


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value
