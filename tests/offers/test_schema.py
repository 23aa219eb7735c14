"""Replies and examples agree with the served OpenAPI document."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are no dependency of ours
import pytest

from offers.api import examples
from tests.clients import ApiClient
from tests.offers.market import fly, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundles")]


@pytest.fixture
def document(guest: ApiClient) -> dict[str, Any]:
    served: dict[str, Any] = guest.get("/v1/openapi.json").json()
    return served


def _check(document: dict[str, Any], component: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{component}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


def _component(document: dict[str, Any], path: str, method: str) -> str:
    reference = document["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    return str(reference).rsplit("/", maxsplit=1)[-1]


def test_a_search_reads_as_documented(guest: ApiClient, document: dict[str, Any]) -> None:
    fly()
    slices = [{"origin": "LHR", "destination": "JFK", "departure_date": soon().isoformat()}]
    party = [{"type": "adult"}, {"type": "child", "age": 7}, {"type": "infant"}]

    found = guest.post("/v1/offers/search", {"slices": slices, "passengers": party}).json()

    _check(document, _component(document, "/v1/offers/search", "post"), found)
    offer = guest.get(f"/v1/offers/{found['offers'][0]['id']}").json()
    _check(document, _component(document, "/v1/offers/{offer_id}", "get"), offer)


def test_the_examples_are_what_they_stand_for(document: dict[str, Any]) -> None:
    _check(document, _component(document, "/v1/offers/search", "post"), examples.RESULT)
    _check(document, _component(document, "/v1/offers/{offer_id}/reject", "post"), examples.OFFER)


def test_the_examples_add_up() -> None:
    item_totals = [float(item["total"]["amount"]) for item in examples.OFFER["items"]]
    contributions = [part["contribution"] for part in examples.OFFER["rank_explanation"]]

    assert sum(item_totals) == float(examples.OFFER["total"]["amount"])
    assert f"{sum(map(float, contributions)):.4f}" == examples.OFFER["score"]
